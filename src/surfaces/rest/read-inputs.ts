import type { IncomingMessage } from "node:http";
import { formValue } from "../../base/form-value.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, member } from "../../base/json-object.ts";
import { isFormType } from "../../base/media-types.ts";
import { queryDecode } from "../../base/percent-decoding.ts";
import { compileJsonPath } from "../../engine/outputs/compile-json-path.ts";
import { parseGiven } from "../../engine/request/given-json.ts";
import type { InputType } from "../../language/document/input-schema.ts";
import type { RestOperation, UnitInput } from "../../language/model/exposed/types.ts";
import { decodeUtf8, parseJsonBody, requireUtf8 } from "../../serving/json-body.ts";
import { Refusal } from "../../serving/refusal.ts";
import { hasBody, readBody } from "../../serving/request-body.ts";
import type { RouteMatch } from "./route-table.ts";

/** The parts of a request that inputs are read from. */
interface Source {
  readonly match: RouteMatch;
  readonly query: Query;
  readonly cookies: ReadonlyMap<string, string>;
  readonly request: IncomingMessage;
  /** `undefined`: there is none. */
  readonly body: unknown;
}

/** The wanted parameters of a query. */
interface Query {
  /** By name: all that came. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Members of inputs that are objects, written as `name[key]=value`: the first of each key. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads the value of an input. `undefined` if the request has none. */
type InputReader = (source: Source) => unknown;

/**
 * Reads the inputs of an operation from a request, by name. A promise if there is a body to be read.
 *
 * @param body the whole body, where it has been read before
 */
export type InputsReader = (
  match: RouteMatch,
  request: IncomingMessage,
  search: string,
  body?: Buffer,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/**
 * Compiles what reads the inputs of an operation (language chapter 7.2). Texts that do not fit the type of their input are
 * given as they are: the check of the inputs refuses them.
 *
 * @param placeholders names of the placeholders of the route, in their order
 */
export function compileInputs(
  operation: RestOperation,
  placeholders: readonly string[],
  maxBodyBytes: number,
): InputsReader {
  const inputs = [...operation.inputs.values()].filter(({ constant }) => constant === undefined);
  const bodyInputs = inputs.filter(input => input.in === "body");
  const readers = inputs.map(
    input => [input.name, compileInput(input, placeholders, bodyInputs.length === 1)] as const,
  );
  const queryTypes = new Map(inputs.filter(input => input.in === "query").map(({ name, type }) => [name, type]));
  const hasCookies = inputs.some(input => input.in === "cookie");
  const takesForm = operation.work.kind === "call" && /^form/i.test(operation.work.operation.body?.type ?? "");
  const read = (source: Source) => {
    const values: Record<string, unknown> = Object.create(null);
    for (const [name, reader] of readers) {
      const value = reader(source);
      if (value !== undefined) values[name] = value;
    }
    return values;
  };
  return (match, request, search, body) => {
    const query = queryTypes.size === 0 || search === "" ? NO_QUERY : readQuery(search, queryTypes);
    const cookies = hasCookies ? readCookies(request.headers.cookie ?? "") : NO_COOKIES;
    const source = { match, query, cookies, request, body: undefined };
    if (bodyInputs.length === 0 || !hasBody(request)) return read(source);
    const bytes = body === undefined ? readBody(request, maxBodyBytes) : Promise.resolve(body);
    return bytes.then(given => read({ ...source, body: parseBody(given, request, bodyInputs, takesForm) }));
  };
}

const NO_QUERY: Query = { texts: new Map(), members: new Map() };
const NO_COOKIES: ReadonlyMap<string, string> = new Map();

function parseBody(bytes: Buffer, request: IncomingMessage, inputs: readonly UnitInput[], takesForm: boolean): unknown {
  const contentType = request.headers["content-type"];
  if (bytes.length === 0) return undefined;
  const [only] = inputs;
  const isText = inputs.length === 1 && only?.type === "string" && only.name === "body" && only.bodyPath === undefined;
  if (isText) {
    requireUtf8(contentType ?? "");
    return decodeUtf8(bytes);
  }
  if (takesForm && contentType !== undefined && isFormType(contentType)) return formValue(decodeUtf8(bytes));
  return parseJsonBody(bytes, contentType);
}

function compileInput(input: UnitInput, placeholders: readonly string[], isOnlyBody: boolean): InputReader {
  const { name } = input;
  switch (input.in) {
    case "path":
      return pathReader(input, placeholders);
    case "query":
      return ({ query }) => readTexts(input, query);
    case "header": {
      const field = name.toLowerCase();
      return ({ request }) => {
        const value = request.headers[field];
        if (typeof value !== "string") return value;
        return input.type === "array" ? value.split(",").map(item => item.trim()) : readText(input, value);
      };
    }
    case "cookie":
      return ({ cookies }) => {
        const value = cookies.get(name);
        return value === undefined ? undefined : readText(input, value);
      };
    case "body":
      return bodyReader(input, isOnlyBody);
    case undefined:
      return () => undefined;
  }
}

function pathReader(input: UnitInput, placeholders: readonly string[]): InputReader {
  const name = input.placeholder ?? input.name;
  const places = [...placeholders.keys()].filter(place => placeholders[place] === name);
  const [first, ...others] = places;
  if (first === undefined) return () => undefined;
  return ({ match: { values } }) => {
    const value = values[first] ?? "";
    if (others.some(place => values[place] !== value))
      throw new Refusal(400, `The path has two values for ${JSON.stringify(name)}`);
    return readText(input, value);
  };
}

/** Reads a body input: by its path, as the whole document, as the member of its name. */
function bodyReader({ name, bodyPath }: UnitInput, isOnly: boolean): InputReader {
  if (bodyPath !== undefined) {
    const find = compileJsonPath(bodyPath);
    return ({ body }) => (body === undefined ? undefined : (find(body) ?? undefined));
  }
  if (name === "body") return ({ body }) => body;
  return ({ body }) => {
    const found = isJsonObject(body) ? member(body, name) : undefined;
    return found === undefined && isOnly ? body : found;
  };
}

/** Reads the texts of a query parameter. The first one counts, but for a list. */
function readTexts(input: UnitInput, { texts, members }: Query): unknown {
  const { name, type } = input;
  const own = texts.get(name);
  const [first] = own ?? [];
  if (own === undefined || first === undefined) {
    const parts = members.get(name);
    return parts && Object.fromEntries(parts);
  }
  if (type !== "array") return readText(input, first);
  return own.length === 1 && first.startsWith("[") ? readText(input, first) : own;
}

/** Reads a text: as JSON for what only JSON can write. */
function readText({ type }: UnitInput, text: string): unknown {
  if (type !== "object" && type !== "array") return text;
  if (text.startsWith("{") || text.startsWith("[")) {
    const parsed = parseGiven(text);
    return parsed.ok ? parsed.value : text;
  }
  return type === "array" ? [text] : text;
}

/** Collects the texts of wanted parameters. */
function readQuery(search: string, types: ReadonlyMap<string, InputType>): Query {
  const texts = new Map<string, string[]>();
  const members = new Map<string, Map<string, string>>();
  for (let start = 0; start < search.length; ) {
    const found = search.indexOf("&", start);
    const end = found < 0 ? search.length : found;
    const pair = search.slice(start, end);
    start = end + 1;
    if (pair === "") continue;
    const [name, value] = splitPair(pair);
    if (types.has(name)) {
      getOrSet(texts, name, () => []).push(value);
      continue;
    }
    const open = name.indexOf("[");
    if (open <= 0 || !name.endsWith("]")) continue;
    const outer = name.slice(0, open);
    const key = name.slice(open + 1, -1);
    const type = types.get(outer);
    if (type === "array" && key === "") getOrSet(texts, outer, () => []).push(value);
    if (type !== "object" || key === "") continue;
    const own = getOrSet(members, outer, () => new Map<string, string>());
    if (!own.has(key)) own.set(key, value);
  }
  return { texts, members };
}

function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  return equals < 0
    ? [queryDecode(pair), ""]
    : [queryDecode(pair.slice(0, equals)), queryDecode(pair.slice(equals + 1))];
}

function readCookies(header: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (!cookies.has(name)) cookies.set(name, /^".*"$/.test(value) ? value.slice(1, -1) : value);
  }
  return cookies;
}
