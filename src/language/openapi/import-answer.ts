import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { isJsonSeriesType, isJsonType, isXmlType } from "../../base/media-types.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { DescriptionNode } from "./description-node.ts";
import type { ImportContext } from "./import-parameters.ts";
import { PLAIN_JSON, preferredJson } from "./preferred-json.ts";

/** What an operation says of its answer, and the parameters that ask for it. */
interface ImportedAnswer {
  readonly keys: JsonObject;
  readonly parameters: readonly JsonObject[];
}

const NOTHING: ImportedAnswer = { keys: {}, parameters: [] };

/** Reads the answer of a successful call: how it is decoded, its schema, and what the call accepts. */
export function readAnswer(operation: DescriptionNode, context: ImportContext): ImportedAnswer {
  const response = successOf(operation, context);
  const links = response?.child("links");
  if (isJsonObject(links?.value) && Object.keys(links.value).length > 0)
    context.findings.add("links", links, "Links between operations are left out");
  const all = (response?.child("content")?.children() ?? []).map(([type, node]) => ({ type: type.trim(), node }));
  if (response === undefined || all.length === 0) return NOTHING;
  const chosen = preferredJson(all) ?? (all[0] as (typeof all)[number]);
  if (all.length > 1)
    context.findings.add(
      "answer-media",
      response,
      `Of the media types of an answer, one is asked for: ${quoteValue(chosen.type)}`,
    );
  const format = formatOf(chosen.type);
  const media = context.description.resolve(chosen.node);
  const schema = media?.child("schema");
  const read =
    schema === undefined || format.name === "binary" || format.name === "text" ? true : context.schemas.read(schema);
  return {
    keys: {
      ...(format.name === "json" ? {} : { outputRawFormat: format.name }),
      ...(read === true || (isJsonObject(read) && Object.keys(read).length === 0) ? {} : { "x-schema": read }),
    },
    parameters: format.isAccepted ? [] : [{ name: "Accept", in: "header", value: chosen.type }],
  };
}

/** Returns the response of success: 200, else the first of the others, else the default. */
function successOf(operation: DescriptionNode, { description }: ImportContext): DescriptionNode | undefined {
  const responses = operation.child("responses")?.children() ?? [];
  const success = responses.filter(([status]) => /^2(?:\d\d|XX)$/i.test(status));
  const resolved = (success.length > 0 ? success : responses.filter(([status]) => status === "default"))
    .sort(([a], [b]) => Number(b === "200") - Number(a === "200"))
    .flatMap(([, node]) => description.resolve(node) ?? []);
  return resolved.find(node => (node.child("content")?.children() ?? []).length > 0) ?? resolved[0];
}

interface AnswerFormat {
  readonly name: string;
  /** Whether a call asks for it by itself. */
  readonly isAccepted: boolean;
}

/** Formats by media type, the first that fits. */
const FORMATS: readonly (readonly [pattern: RegExp, name: string, accepted: RegExp])[] = [
  [/^(?:text\/csv)\b/i, "csv", /^text\/csv$/i],
  [/^text\/tab-separated-values\b/i, "tsv", /^text\/tab-separated-values$/i],
  [/^(?:application|text)\/(?:[\w.-]+\+)?(?:x-)?yaml\b/i, "yaml", /^(?:application|text)\/yaml$/i],
  [/^text\/html\b/i, "html", /^text\/html$/i],
  [/^text\/markdown\b/i, "markdown", /^text\/markdown$/i],
  [/^text\/event-stream\b/i, "json", /^$/],
  [/^text\//i, "text", /^text\/(?:plain|\*)$/i],
];

function formatOf(type: string): AnswerFormat {
  if (type === "" || type.startsWith("*/*")) return { name: "json", isAccepted: true };
  if (isJsonType(type) || isJsonSeriesType(type)) return { name: "json", isAccepted: PLAIN_JSON.test(type) };
  if (isXmlType(type)) return { name: "xml", isAccepted: /^(?:application|text)\/xml$/i.test(type) };
  for (const [pattern, name, accepted] of FORMATS)
    if (pattern.test(type)) return { name, isAccepted: accepted.test(type) };
  return { name: "binary", isAccepted: type.includes("*") };
}
