import { json } from "./json.ts";
import type { RawFormat } from "./raw-format.ts";
import { text } from "./text.ts";

/** Every raw format that can be decoded, by `outputRawFormat` in lower case. */
export const rawFormats: ReadonlyMap<string, RawFormat> = new Map([
  ["json", json],
  ["text", text],
]);
