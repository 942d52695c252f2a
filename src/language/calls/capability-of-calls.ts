import { getOrSet } from "../../base/get-or-set.ts";
import type { JsonObject } from "../../base/json-object.ts";
import { isFormType, isJsonType } from "../../base/media-types.ts";
import { parseJson } from "../../base/parse-json.ts";
import { percentDecode, queryDecode } from "../../base/percent-decoding.ts";
import type { BodyDeclaration, ConsumedInputParameter, OperationDeclaration } from "../document/document-types.ts";
import { WRITTEN_VERSION } from "../document/written-version.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import { kebabName, operationNames, resourceName } from "../openapi/imported-names.ts";
import { CallSecrets } from "./call-secrets.ts";
import type { SeenCall } from "./curl-call.ts";
import { inferSchema, type SeenSchema, unionSchema } from "./infer-schema.ts";
import { isPrivateValue } from "./private-value.ts";

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
  /^(?::.*|sec-.*|proxy-.*|accept-encoding|accept-language|user-agent|origin|referer|dnt|pragma|cache-control|upgrade-insecure-requests|priority|if-(?:none-match|modified-since))$/i;

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
  for (const operation of all) getOrSet(paths, operation.sentPath, () => []).push(operation);
  const { variables, authentication, parameters } = secrets;
  const keys = Object.fromEntries(variables.map(variable => [variable, variable]));
  const document = {
    naftiko: WRITTEN_VERSION,
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
  /** Types of the answer, if it is known. */
  readonly answer: SeenSchema | undefined;
}

function operationOf(call: SeenCall, secrets: CallSecrets): CalledOperation {
  const url = parseUrl(call.url);
  const headers = headersOf(call);
  if (!headers.has("authorization")) {
    const { username, password } = url;
    if (call.credentials !== undefined) secrets.addUser(call.credentials);
    else if (username !== "") secrets.addUser({ username, password, isDigest: false });
  }
  const contentType = headers.get("content-type")?.[1] ?? "";
  const { inputs: ofQuery, rest } = queryOf(url, secrets);
  const { path, inputs: ofPath } = pathOf(url, ofQuery);
  const { declaration, inputs: ofBody, isUsualType } = bodyOf(call.body, contentType, [...ofQuery, ...ofPath]);
  const ofHeaders = [...headers.values()].flatMap(([name, value]): ConsumedInputParameter[] => {
    if (OF_CLIENTS.test(name) || secrets.takeHeader(name, value) || isTransportHeader(name)) return [];
    if (/^accept$/i.test(name) && /^\s*\*\/\*\s*$/.test(value)) return [];
    if (/^content-type$/i.test(name) && (isUsualType || call.body === undefined)) return [];
    return [constant(name, value)];
  });
  return {
    method: call.method,
    path,
    sentPath: rest === "" ? path : `${path}?${rest}`,
    inputs: [...ofPath, ...ofQuery, ...ofHeaders, ...ofBody],
    body: declaration,
    answer: call.answer === undefined ? undefined : inferSchema(call.answer),
  };
}

/** Returns the headers of a call by their names in lower case. Values of one name are one list. */
function headersOf(call: SeenCall): Map<string, readonly [name: string, value: string]> {
  const headers = new Map<string, readonly [name: string, value: string]>();
  for (const [name, value] of call.headers) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    const isSingle = before === undefined || /^(?:authorization|content-type)$/.test(key);
    headers.set(key, isSingle ? [name, value] : [name, `${before[1]}${key === "cookie" ? "; " : ", "}${value}`]);
  }
  return headers;
}

/** Returns an operation with the inputs that another call of it has besides, and the types that either has. */
function joined(known: CalledOperation, other: CalledOperation): CalledOperation {
  const has = (input: ConsumedInputParameter) =>
    known.inputs.some(({ name, in: location }) => name === input.name && location === input.in);
  // A value that was not always sent is no default.
  const added = other.inputs
    .filter(input => input.in === "query" && !has(input))
    .map(({ default: _, ...input }) => input);
  const inputs = known.inputs.map((input): ConsumedInputParameter => {
    const { "x-schema": schema } = input;
    if (input.in !== "body" || schema === undefined) return input;
    const { "x-schema": too } =
      other.inputs.find(({ name, in: location }) => name === input.name && location === "body") ?? {};
    const both = too === undefined ? {} : unionSchema(schema as SeenSchema, too as SeenSchema);
    const { "x-schema": _, ...bare } = input;
    return both["type"] === input.type ? { ...bare, "x-schema": both } : bare;
  });
  const answer =
    known.answer === undefined || other.answer === undefined
      ? (known.answer ?? other.answer)
      : unionSchema(known.answer, other.answer);
  return { ...known, inputs: [...inputs, ...added], answer };
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
    ...(answer === undefined ? {} : { "x-schema": answer }),
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

/** A placeholder as documentation writes it, or a variable of the shell. */
const PLACEHOLDER = /^(?:\{+\s*([A-Za-z]\w*)\s*\}+|<([A-Za-z][\w-]*)>|:([A-Za-z]\w*)|\$\{?([A-Za-z]\w*)\}?)$/;

/** The id of a session in a path, as servers write it for clients without cookies. */
const SESSION = /;\w*sess\w*=[^/;]*/gi;

/**
 * Returns a path with inputs in place of its ids. Of these, only numbers are told as examples: others may be secrets, such as
 * those of the addresses of webhooks.
 */
function pathOf(
  { pathname }: URL,
  taken: readonly ConsumedInputParameter[],
): {
  readonly path: string;
  readonly inputs: readonly ConsumedInputParameter[];
} {
  const inputs: ConsumedInputParameter[] = [];
  let before = "";
  const segments = pathname
    .replace(SESSION, "")
    .split("/")
    .map(segment => {
      const [, id = "", ending = ""] = /^([\s\S]*?)(\.(?:json|xml|csv|html|pdf|txt))?$/i.exec(segment) ?? [];
      const placeholder = PLACEHOLDER.exec(percentDecode(id))
        ?.slice(1)
        .find(text => text !== undefined);
      const isSecret = id !== "" && isPrivateValue(before, id);
      if (placeholder === undefined && !isSecret && (!ID.test(id) || /^v\d+$/i.test(id))) {
        before = segment;
        return segment;
      }
      const isNumeric = /^\d+$/.test(id);
      const name = unique(placeholder ?? idName(before), [...taken, ...inputs]);
      const description = isNumeric ? `Part of the path, such as ${id}.` : "Part of the path.";
      inputs.push({ name, in: "path", type: "string", description, required: true });
      return `{${name}}${ending}`;
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
      rest.push(secrets.wordOf(pair));
      continue;
    }
    const name = queryDecode(pair.slice(0, equals));
    const value = queryDecode(pair.slice(equals + 1));
    if (!secrets.takeQuery(name, value)) getOrSet(values, name, () => []).push(value);
  }
  const inputs = [...values].map(([name, [first = "", ...more]]): ConsumedInputParameter => {
    const declared = { name, in: "query", type: more.length === 0 ? "string" : "array" } as const;
    if ([first, ...more].some(value => isPrivateValue(name, value))) return { ...declared, required: true };
    return { ...declared, default: more.length === 0 ? first : [first, ...more] };
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

function bodyOf(body: SeenCall["body"], contentType: string, others: readonly ConsumedInputParameter[]): BodyParts {
  if (body === undefined) return { inputs: [], isUsualType: false };
  if (body.kind === "parts") {
    const members = memberInputs(
      body.parts.map(({ name, value, isFile }) => [name, isFile ? undefined : value]),
      others,
    );
    const inputs = members.map(({ input }) => input);
    const data = body.parts.map(({ name, value, isFile }, at) => ({
      name,
      value: `{{${members[at]?.input.name}}}`,
      ...(isFile ? { filename: value.replace(/^.*[\\/]/s, "") } : {}),
    }));
    return { declaration: { type: "multipartForm", data }, inputs, isUsualType: true };
  }
  const isJson = isJsonType(contentType);
  const isPlainJson = /^\s*application\/json\s*(?:;\s*charset=utf-8\s*)?$/i.test(contentType);
  if (body.kind === "file") return { inputs: [wholeBody(isJson ? {} : { type: "string" })], isUsualType: isPlainJson };
  const parsed = isJson ? parseJson(body.text) : undefined;
  if (parsed?.ok === true && typeof parsed.value === "object" && parsed.value !== null)
    return { inputs: [wholeBody(inferSchema(parsed.value))], isUsualType: isPlainJson };
  const pairs = isFormType(contentType) ? formPairs(body.text) : undefined;
  if (pairs === undefined) return { inputs: [wholeBody({ type: "string" })], isUsualType: false };
  const members = memberInputs(pairs, others);
  const data = Object.fromEntries(members.map(({ member, input }) => [member, `{{${input.name}}}`]));
  return {
    declaration: { type: "formUrlEncoded", data },
    inputs: members.map(({ input }) => input),
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

/** Returns inputs for the members of a form, each of a name that no other input has. */
function memberInputs(
  members: readonly (readonly [name: string, value: string | undefined])[],
  others: readonly ConsumedInputParameter[],
): { readonly member: string; readonly input: ConsumedInputParameter }[] {
  const inputs = [...others];
  return members.map(([member, value]) => {
    const isNeeded = value === undefined || isPrivateValue(member, value);
    const name = unique(member, inputs);
    const input = {
      name,
      in: "body",
      type: "string",
      ...(isNeeded ? { required: true } : { default: value }),
    } as const;
    inputs.push(input);
    return { member, input };
  });
}

function wholeBody(schema: SeenSchema): ConsumedInputParameter {
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
