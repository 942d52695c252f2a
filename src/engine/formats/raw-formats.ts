import { avro } from "./avro.ts";
import { binary } from "./binary.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { protobuf } from "./protobuf.ts";
import type { RawFormat } from "./raw-format.ts";
import { csv, psv, tsv } from "./separated-values.ts";
import { text } from "./text.ts";
import { xml } from "./xml.ts";
import { yaml } from "./yaml.ts";

type RawFormatName =
  | "json"
  | "xml"
  | "csv"
  | "tsv"
  | "psv"
  | "yaml"
  | "html"
  | "markdown"
  | "avro"
  | "protobuf"
  | "binary"
  | "text";

/** The raw formats by `outputRawFormat` in lower case. */
export const rawFormats: Readonly<Record<RawFormatName, RawFormat>> = {
  json,
  xml,
  csv,
  tsv,
  psv,
  yaml,
  html,
  markdown,
  avro,
  protobuf,
  binary,
  text,
};
