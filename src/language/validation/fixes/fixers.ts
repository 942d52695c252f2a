import { isScalar } from "yaml";
import { isJsonObject, member } from "../../../base/json-object.ts";
import { isNumber } from "../../../base/numbers/json-number.ts";
import { rangeOf } from "../../document/node-range.ts";
import { valueAt } from "../document-path.ts";
import type { Departure, DepartureRule } from "../published/departure.ts";
import { memberAt } from "./yaml-nodes.ts";

/** Replacement of a range of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Document with the text to mend. */
export interface FixContext {
  readonly text: string;
  /** Root node of the text. */
  readonly contents: unknown;
  readonly value: unknown;
}

/** Mends a departure and describes the fix. Returns `undefined` if that could change the meaning of the file. */
type Fixer = (
  departure: Departure,
  context: FixContext,
) => { readonly edit: Edit; readonly message: string } | undefined;

/** Fixers of each rule. The first that can mend a departure does. The other rules need a person. */
export const fixers: Partial<Readonly<Record<DepartureRule, readonly Fixer[]>>> = {
  "unknown-key": [renameKey],
  "value-type": [quoteScalar, removeAbsent],
  "allowed-value": [lowerCase],
  "empty-list": [removeEmpty],
  version: [quoteScalar],
};

/** Keys that are read as another one, with the name of the specification: older, newer and other names. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["display", ["label"]],
  ["label", ["display"]],
  ["target", ["targetName"]],
  ["targetName", ["target"]],
  ["from", ["location"]],
  ["location", ["from"]],
  ["mapping", ["value"]],
  ["template", ["value"]],
]);

/** Kinds of objects in which a synonym is read, if it is not read everywhere. */
const SYNONYM_PLACES: ReadonlyMap<string, readonly string[]> = new Map([
  ["mapping", ["ConsumedOutput"]],
  ["template", ["ConsumedInput"]],
  ["from", ["ImportEntry"]],
  ["location", ["ImportEntry"]],
]);

function renameKey(
  { pointer, definition, knownKeys = [] }: Departure,
  { contents, value }: FixContext,
): ReturnType<Fixer> {
  const written = pointer.slice(pointer.lastIndexOf("/") + 1);
  const name = SYNONYMS.get(written)?.find(synonym => knownKeys.includes(synonym));
  const places = SYNONYM_PLACES.get(written);
  if (name === undefined || (places !== undefined && !places.includes(definition))) return undefined;
  const owner = valueAt(value, pointer.slice(0, pointer.lastIndexOf("/")));
  if (!isJsonObject(owner) || Object.hasOwn(owner, name)) return undefined;
  const range = offsetsOf(memberAt(contents, pointer)?.key);
  return range && { edit: { ...range, text: name }, message: `${written} renamed to ${name}` };
}

/**
 * Quotes a number or boolean that is written as it is sent, if it means the same as text. A value that is put into JSON
 * does not, nor does `0x1F`, which is sent as 31.
 */
function quoteScalar({ pointer }: Departure, { text, contents, value }: FixContext): ReturnType<Fixer> {
  const found = valueAt(value, pointer);
  const type = isNumber(found) ? "number" : typeof found;
  if (type !== "number" && type !== "boolean") return undefined;
  if (!isText(pointer, type, value)) return undefined;
  const node = memberAt(contents, pointer)?.value;
  const range = isScalar(node) && node.type === "PLAIN" ? offsetsOf(node) : undefined;
  if (range === undefined || text.slice(range.start, range.end) !== String(found)) return undefined;
  return { edit: { ...range, text: JSON.stringify(String(found)) }, message: `${String(found)} quoted` };
}

const INPUT = /\/consumes\/\d+\/(?:.*\/)?inputParameters\/[^/]+$/;

/** Tells whether the place means the same with a number or boolean and with its text. */
function isText(pointer: string, found: "number" | "boolean", value: unknown): boolean {
  if (/^\/(?:naftiko|ikanos|info\/(?:created|modified|version))$/.test(pointer)) return true;
  const owner = pointer.slice(0, pointer.lastIndexOf("/"));
  const name = pointer.slice(owner.length + 1);
  const declaration = valueAt(value, owner);
  if (INPUT.test(owner) && (name === "value" || name === "template")) {
    // In a body it is a JSON value; a list or map is read from text.
    const { in: location, type } = isJsonObject(declaration) ? declaration : {};
    return location !== "body" && type !== "array" && type !== "object";
  }
  const body = /^(.*\/operations\/[^/]+\/body)\/data\/[^/]+(\/value)?$/.exec(pointer);
  if (body !== null) {
    const type = valueAt(value, `${body[1]}/type`);
    return type === "formUrlEncoded" ? body[2] === undefined : type === "multipartForm" && name === "value";
  }
  // A constant output is converted to its declared type (language chapter 7.7).
  const isOutput = /\/(?:outputParameters|properties|items)(?:\/[^/]+)?$/.test(owner) && name === "value";
  const type = isJsonObject(declaration) ? member(declaration, "type") : undefined;
  return isOutput && (type === found || (type === "integer" && found === "number"));
}

/** Removes the `null` value of a consumed input: it counts as absent. */
function removeAbsent({ pointer }: Departure, context: FixContext): ReturnType<Fixer> {
  const isValue = pointer.endsWith("/value") && INPUT.test(pointer.slice(0, -"/value".length));
  return isValue && valueAt(context.value, pointer) === null ? removeLine(pointer, context) : undefined;
}

function lowerCase({ pointer }: Departure, { text, contents, value }: FixContext): ReturnType<Fixer> {
  const found = valueAt(value, pointer);
  // Compared without case (language chapter 5.8).
  if (!pointer.endsWith("/outputRawFormat") || typeof found !== "string") return undefined;
  const range = offsetsOf(memberAt(contents, pointer)?.value);
  if (range === undefined || found === found.toLowerCase()) return undefined;
  const written = text.slice(range.start, range.end);
  return { edit: { ...range, text: written.toLowerCase() }, message: `${found} written in lower case` };
}

/** Lists without a meaning when they are empty. An empty `steps`, for example, means something. */
const REMOVABLE =
  /^(?:(?:\/capability)?\/(?:binds|consumes|exposes|aggregates)|.*\/consumes\/\d+\/resources|.*\/prompts\/[^/]+\/arguments|.*\/steps\/[^/]+\/dependencies)$/;

/** Sections of a capability. It needs one of them. */
const SERVICES = ["consumes", "exposes"] as const;

function removeEmpty({ pointer }: Departure, context: FixContext): ReturnType<Fixer> {
  if (!REMOVABLE.test(pointer)) return undefined;
  const owner = valueAt(context.value, pointer.slice(0, pointer.lastIndexOf("/")));
  if (!isJsonObject(owner)) return undefined;
  // A document without a capability consists of its sections.
  if (/^\/\w+$/.test(pointer) && !Object.hasOwn(owner, "capability")) return undefined;
  const isService = SERVICES.some(name => pointer === `/capability/${name}`);
  if (isService && !SERVICES.some(name => isFilled(member(owner, name)))) return undefined;
  return removeLine(pointer, context);
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Removes a member that has a line of its own. Comments around it stay. */
function removeLine(pointer: string, { text, contents }: FixContext): ReturnType<Fixer> {
  const found = memberAt(contents, pointer);
  const key = offsetsOf(found?.key);
  if (found === undefined || key === undefined || found.siblings < 2) return undefined;
  const start = text.lastIndexOf("\n", key.start - 1) + 1;
  const lineEnd = text.indexOf("\n", key.end);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  if (!/^ *["']?[\w-]+["']? *:(?: +(?:\[ *\]|\{ *\}|null|~))? *\r?\n?$/.test(text.slice(start, end))) return undefined;
  return { edit: { start, end, text: "" }, message: `${String(found.key?.value)} removed` };
}

function offsetsOf(node: unknown): { readonly start: number; readonly end: number } | undefined {
  const range = rangeOf(node);
  return range && { start: range[0], end: range[1] };
}
