import type { JsonObject } from "../../base/json-object.ts";
import { isFormType, isJsonType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import { queryDecode } from "../../base/percent-decoding.ts";
import { secretName } from "../../base/secret-name.ts";
import type { BodyDeclaration, ConsumedInputParameter, OperationDeclaration } from "../document/document-types.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import { kebabName, operationNames, resourceName } from "../openapi/imported-names.ts";
import { CallSecrets } from "./call-secrets.ts";
import type { SeenCall } from "./curl-call.ts";
import { inferSchema } from "./infer-schema.ts";

/** A capability that a call became. */
interface CalledCapability {
  /** Name of its file, without an extension. */
  readonly name: string;
  readonly document: JsonObject;
  /** Variables in place of the secrets of the call. */
  readonly variables: readonly string[];
}

/** Headers of browsers and of curl that are about them, and not about the API. */
const OF_CLIENTS =
  /^(?::.*|sec-.*|accept-encoding|accept-language|user-agent|origin|referer|dnt|pragma|cache-control|upgrade-insecure-requests|priority|if-(?:none-match|modified-since)|x-requested-with)$/i;

/**
 * Makes a capability of calls of one API that worked. Their secrets become variables, parts of the path that look like ids
 * and the parameters of the query become inputs, and so does the body. Calls of one method and path are one operation.
 *
 * @throws Error with the reason for a URL that cannot be called
 */
export function capabilityOfCalls(
  calls: readonly [SeenCall, ...SeenCall[]],
  given: { readonly namespace?: string | undefined },
): CalledCapability {
  const { origin } = parseUrl(calls[0].url);
  const namespace = given.namespace ?? namespaceOf(parseUrl(calls[0].url));
  const secrets = new CallSecrets(namespace);
  const operations = new Map<string, CalledOperation>();
  for (const call of calls) {
    const operation = operationOf(call, secrets);
    const key = `${operation.method} ${operation.path}`;
    const known = operations.get(key);
    operations.set(key, known === undefined ? operation : joined(known, operation));
  }
  const all = [...operations.values()].map(operation => ({ ...operation, id: undefined }));
  const names = operationNames(all);
  const paths = new Map<string, typeof all>();
  for (const operation of all) paths.set(operation.sentPath, [...(paths.get(operation.sentPath) ?? []), operation]);
  const { variables, authentication, parameters } = secrets;
  const keys = Object.fromEntries(variables.map(variable => [variable, variable]));
  const document = {
    naftiko: "1.0.0-alpha3",
    info: { label: namespace, description: `Calls ${origin}.` },
    ...(variables.length === 0 ? {} : { binds: [{ namespace: "env", keys }] }),
    capability: {
      consumes: [
        {
          type: "http",
          namespace,
          baseUri: origin,
          ...(authentication === undefined ? {} : { authentication }),
          ...(parameters.length === 0 ? {} : { inputParameters: parameters }),
          resources: [...paths].map(([path, ofPath]) => ({
            name: resourceName(path),
            path,
            operations: ofPath.map(operation => declarationOf(operation, names.get(operation) ?? operation.method)),
          })),
        },
      ],
    },
  };
  return { name: namespace, document, variables };
}

/** An operation that a call shows. */
interface CalledOperation {
  readonly method: string;
  /** With placeholders, without a query. */
  readonly path: string;
  /** With the part of the query that is no input. */
  readonly sentPath: string;
  readonly inputs: readonly ConsumedInputParameter[];
  readonly body: BodyDeclaration | undefined;
  readonly answer: unknown;
}

function operationOf(call: SeenCall, secrets: CallSecrets): CalledOperation {
  const url = parseUrl(call.url);
  if (call.credentials !== undefined) secrets.addUser(call.credentials);
  else if (url.username !== "") secrets.addUser({ username: url.username, password: url.password, isDigest: false });
  const { path, inputs: ofPath } = pathOf(url);
  const headers = new Map(call.headers.map(header => [header[0].toLowerCase(), header]));
  const contentType = headers.get("content-type")?.[1] ?? "";
  const { declaration, inputs: ofBody, isUsualType } = bodyOf(call.body, contentType);
  const ofHeaders = [...headers.values()].flatMap(([name, value]): ConsumedInputParameter[] => {
    if (secrets.takeHeader(name, value) || isTransportHeader(name) || OF_CLIENTS.test(name)) return [];
    if (/^accept$/i.test(name) && /^\s*\*\/\*\s*$/.test(value)) return [];
    if (/^content-type$/i.test(name) && (isUsualType || call.body === undefined)) return [];
    return [constant(name, value)];
  });
  const { inputs: ofQuery, rest } = queryOf(url, secrets);
  return {
    method: call.method,
    path,
    sentPath: rest === "" ? path : `${path}?${rest}`,
    inputs: [...ofPath, ...ofQuery, ...ofHeaders, ...ofBody],
    body: declaration,
    answer: call.answer,
  };
}

/** Returns an operation with the inputs that another call of it has besides. */
function joined(known: CalledOperation, other: CalledOperation): CalledOperation {
  const has = (input: ConsumedInputParameter) =>
    known.inputs.some(({ name, in: location }) => name === input.name && location === input.in);
  // A value that was not always sent is no default.
  const added = other.inputs
    .filter(input => input.in === "query" && !has(input))
    .map(({ default: _, ...input }) => input);
  return { ...known, inputs: [...known.inputs, ...added], answer: known.answer ?? other.answer };
}

function declarationOf({ method, path, inputs, body, answer }: CalledOperation, name: string): OperationDeclaration {
  return {
    name,
    description: `${method} ${path}`,
    method: method as OperationDeclaration["method"],
    ...(inputs.length === 0 ? {} : { inputParameters: inputs }),
    ...(body === undefined ? {} : { body }),
    ...(method === "HEAD"
      ? { outputRawFormat: "text" }
      : { outputParameters: [{ name: "result", type: "object", value: "$." }] }),
    ...(answer === undefined ? {} : { "x-schema": inferSchema(answer) }),
  };
}

const METHOD = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

/** Returns why a method cannot be called, or `undefined`. */
export function methodProblem(method: string): string | undefined {
  return METHOD.test(method) ? undefined : `no operation can have the method ${method}`;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error("its URL is not one");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new Error(`its URL has the scheme ${url.protocol.slice(0, -1)}, not http or https`);
  return url;
}

/** Returns a name for the API of a host: `github` for `api.github.com`. */
function namespaceOf({ hostname }: URL): string {
  const labels = hostname.replace(/^(?:www|api|rest)\./, "").split(".");
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return kebabName((isAddress || labels.length === 1 ? labels : labels.slice(0, -1)).join(" ")) || "api";
}

/** A segment that is the id of something: a number, a UUID, a long mix of digits and letters. */
const ID =
  /^(?:\d+|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|[\da-f]{16,}|(?=[^-]*\d)(?=[^-]*[a-z])[\w-]{16,}|[a-z]{2,4}_(?=\w*\d)\w{6,})$/i;

function pathOf({ pathname }: URL): {
  readonly path: string;
  readonly inputs: readonly ConsumedInputParameter[];
} {
  const inputs: ConsumedInputParameter[] = [];
  let before = "";
  const segments = pathname.split("/").map(segment => {
    if (!ID.test(segment) || /^v\d+$/i.test(segment)) {
      before = segment;
      return segment;
    }
    const name = unique(idName(before), inputs);
    const example = `Part of the path, such as ${segment}.`;
    inputs.push({ name, in: "path", type: "string", description: example, required: true });
    return `{${name}}`;
  });
  return { path: segments.join("/"), inputs };
}

/** Returns the name of an id behind a segment: `userId` behind `users`. */
function idName(segment: string): string {
  const words = kebabName(segment)
    .replace(/ies$/, "y")
    .replace(/(?<!s)s$/, "")
    .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return words === "" ? "id" : `${words}Id`;
}

function unique(name: string, inputs: readonly ConsumedInputParameter[]): string {
  const taken = new Set(inputs.map(input => input.name));
  let found = name;
  for (let count = 2; taken.has(found); count++) found = `${name}${count}`;
  return found;
}

interface QueryInputs {
  readonly inputs: readonly ConsumedInputParameter[];
  /** Pairs that no input can give: words without a value. */
  readonly rest: string;
}

function queryOf({ search }: URL, secrets: CallSecrets): QueryInputs {
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  for (const pair of search
    .slice(1)
    .split("&")
    .filter(text => text !== "")) {
    const equals = pair.indexOf("=");
    if (equals <= 0) {
      rest.push(pair);
      continue;
    }
    const name = queryDecode(pair.slice(0, equals));
    const value = queryDecode(pair.slice(equals + 1));
    if (!secrets.takeQuery(name, value)) values.set(name, [...(values.get(name) ?? []), value]);
  }
  const inputs = [...values].map(([name, [first = "", ...more]]): ConsumedInputParameter => {
    const given = more.length === 0 ? first : [first, ...more];
    return { name, in: "query", type: more.length === 0 ? "string" : "array", default: given };
  });
  return { inputs, rest: rest.join("&") };
}

/** Returns a header with a constant value. One that a template could be read in is an input with a default. */
function constant(name: string, value: string): ConsumedInputParameter {
  return value.includes("{{") ? { name, in: "header", type: "string", default: value } : { name, in: "header", value };
}

interface BodyParts {
  readonly declaration?: BodyDeclaration;
  readonly inputs: readonly ConsumedInputParameter[];
  /** Whether the body gets its content type without a header. */
  readonly isUsualType: boolean;
}

function bodyOf(body: SeenCall["body"], contentType: string): BodyParts {
  if (body === undefined) return { inputs: [], isUsualType: false };
  if (body.kind === "parts") {
    const inputs = body.parts.map(({ name, value, isFile }) => memberInput(name, isFile ? undefined : value));
    const data = body.parts.map(({ name, value, isFile }) => ({
      name,
      value: `{{${name}}}`,
      ...(isFile ? { filename: value.replace(/^.*[\\/]/s, "") } : {}),
    }));
    return { declaration: { type: "multipartForm", data }, inputs, isUsualType: true };
  }
  const isJson = isJsonType(contentType);
  const isPlainJson = /^\s*application\/json\s*(?:;\s*charset=utf-8\s*)?$/i.test(contentType);
  if (body.kind === "file") return { inputs: [wholeBody(isJson ? {} : { type: "string" })], isUsualType: isPlainJson };
  const parsed = isJson ? parseJson(body.text) : undefined;
  if (parsed?.ok === true) return { inputs: [wholeBody(inferSchema(parsed.value))], isUsualType: isPlainJson };
  const pairs = isFormType(contentType) ? formPairs(body.text) : undefined;
  if (pairs === undefined) return { inputs: [wholeBody({ type: "string" })], isUsualType: false };
  return {
    declaration: { type: "formUrlEncoded", data: Object.fromEntries(pairs.map(([name]) => [name, `{{${name}}}`])) },
    inputs: pairs.map(([name, value]) => memberInput(name, value)),
    isUsualType: /^\s*application\/x-www-form-urlencoded\s*$/i.test(contentType),
  };
}

/** Returns the pairs of a form, or `undefined` for a text that is none, or that inputs cannot give. */
function formPairs(text: string): [name: string, value: string][] | undefined {
  const pairs = text
    .split("&")
    .filter(pair => pair !== "")
    .map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      return equals < 0 ? ["", ""] : [queryDecode(pair.slice(0, equals)), queryDecode(pair.slice(equals + 1))];
    });
  const names = new Set(pairs.map(([name]) => name));
  const isForm =
    pairs.length > 0 && names.size === pairs.length && [...names].every(name => /^[\w.[\]$-]+$/.test(name));
  return isForm ? pairs : undefined;
}

function memberInput(name: string, value: string | undefined): ConsumedInputParameter {
  const isNeeded = value === undefined || secretName(name) !== undefined;
  return { name, in: "body", type: "string", ...(isNeeded ? { required: true } : { default: value }) };
}

function wholeBody(schema: Readonly<Record<string, unknown>>): ConsumedInputParameter {
  const { type } = schema;
  const known = type === "string" || type === "array" ? type : "object";
  return {
    name: "body",
    in: "body",
    type: known,
    description: "The body of the request.",
    required: true,
    ...(known === type && Object.keys(schema).length > 1 ? { "x-schema": schema } : {}),
  };
}
