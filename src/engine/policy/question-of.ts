import { isJsonObject } from "../../base/json-object.ts";
import { MASK } from "../../base/masking/mask.ts";
import { secretName } from "../../base/secret-name.ts";
import { quoteValue, visibleLine } from "../../base/visible-text.ts";
import type { Inputs } from "../request/check-inputs.ts";
import type { PolicyTarget } from "./operation-pattern.ts";

/** Something that a person is asked about. */
interface Questioned {
  readonly name: string;
  readonly capability: string;
  /** The requests that it would send and that are asked about. */
  readonly requests: readonly PolicyTarget[];
  readonly inputs: Inputs;
}

/** Requests that a question shows. */
const MOST_REQUESTS = 5;
/** Inputs that a question shows. */
const MOST_INPUTS = 12;
/** Characters of a value, and of a name or URL of the file. */
const LONGEST_VALUE = 200;
const LONGEST_NAME = 300;

/**
 * Writes the question whether a call may be made: its operation, its requests, and its inputs. It is one line, in which
 * texts of the file and of the caller are quoted, cut and without control characters.
 */
export function questionOf({ name, capability, requests, inputs }: Questioned): string {
  const sent = requests.map(({ method, baseUri, path }) => cut(`${method} ${baseUri}${path}`, LONGEST_NAME));
  const given = Object.entries(inputs)
    .filter(([, value]) => value !== undefined)
    .map(([input, value]) => `${cut(input, LONGEST_NAME)}: ${valueText(input, value)}`);
  const what = `Call ${cut(JSON.stringify(name), LONGEST_NAME)} of ${cut(JSON.stringify(capability), LONGEST_NAME)}?`;
  const which = `It sends ${listed(sent, MOST_REQUESTS) || "something"}`;
  return `${what} ${which}${given.length === 0 ? ", without inputs" : `, with ${listed(given, MOST_INPUTS)}`}`;
}

function listed(texts: readonly string[], most: number): string {
  const others = texts.length - most;
  return [...texts.slice(0, most), ...(others > 0 ? [`${others} more`] : [])].join(", ");
}

function cut(text: string, longest: number): string {
  return visibleLine(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
}

function valueText(name: string, value: unknown): string {
  return quoteValue(withoutSecrets(name, value, 0), LONGEST_VALUE).replaceAll("\n", "\\n");
}

/** Depth below which members are not looked at: nothing is shown of them. */
const DEEPEST = 4;

/** Copies a value with its secrets masked, as far as their names tell them. */
function withoutSecrets(name: string, value: unknown, depth: number): unknown {
  const kind = secretName(name);
  if (kind === "secret") return MASK;
  if (typeof value !== "object" || value === null) return kind === undefined ? value : MASK;
  if (depth === DEEPEST) return "…";
  if (Array.isArray(value)) return value.slice(0, MOST_INPUTS).map(item => withoutSecrets("", item, depth + 1));
  if (!isJsonObject(value)) return "(bytes)";
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => [member, withoutSecrets(member, item, depth + 1)]),
  );
}
