import { isCallersCredential } from "./credential.mjs";
import { expectBody } from "./expected-body.mjs";
import { isContentLength } from "./inputs.mjs";
import { MissingBind, MissingInput, Scope, toText } from "./scope.mjs";
import { cutTemplate, parseTemplate, percentDecode, placeholderNames, splitTemplate } from "./template.mjs";

/**
 * Returns the request that an operation has to become, computed from the file and the language's rules alone.
 *
 * @param {object} operation of `readCapabilityFile`
 * @param {import("./binds.mjs").Binds} binds
 * @param {Map<object, unknown>} given the operation's inputs that have a value
 * @param {string} [baseUri] stands in for an empty one
 * @returns {{ code: string } | { method: string, origin: string, segments: string[], query: [string, string][],
 *   headers: Map<string, string>, cookies: string[], rawFormat: string, body: object }} `code` if it has to be refused
 */
export function expectRequest(operation, binds, given, baseUri) {
  try {
    return request(operation, new Scope(binds, given, operation), given, baseUri);
  } catch (error) {
    if (error instanceof MissingBind) return { code: "BIND_MISSING" };
    if (error instanceof MissingInput) return { code: "INPUT_MISSING" };
    throw error;
  }
}

function request(operation, scope, given, baseUri) {
  const { credential, definition, parameters, path } = operation;
  const [sent] = cutTemplate(parseTemplate(path), "#");
  const [, ownQuery = []] = cutTemplate(sent, "?");
  const inOwnQuery = placeholderNames(ownQuery);
  const isCallers = [...given.keys()].some(input => isCallersCredential(input, credential));
  if (credential && !isCallers && credential.value === undefined) return { code: "BIND_MISSING" };
  const placed = placeParameters(
    parameters.filter(
      ({ in: location, name }) =>
        !isContentLength({ in: location, name }) &&
        location !== "path" &&
        (location !== "query" || !inOwnQuery.includes(name)),
    ),
    scope,
  );
  const contentType = placed.headers.get("content-type");

  if (credential && !isCallers) {
    if (credential.name === undefined) return { code: "REQUEST_INVALID" };
    if (credential.in === "query") placed.query.push([credential.name, credential.value]);
    else placed.headers.set(credential.name.toLowerCase(), credential.value);
  }

  // Nothing beyond Latin-1 can stand in a header.
  if ([...placed.headers.values()].some(text => /[^\t\x20-\x7e\x80-\xff]/.test(text))) return { code: "INPUT_INVALID" };

  const url = expectUrl(operation.baseUri || baseUri, sent, scope);
  const body = expectBody({ definition, parameters, scope, contentType });
  if (body.kind === "refused") return { code: body.code ?? "REQUEST_INVALID" };
  return {
    method: operation.method,
    origin: url.origin,
    segments: url.segments,
    query: [...url.query.filter(([name]) => !placed.query.some(([given]) => given === name)), ...placed.query],
    headers: placed.headers,
    cookies: placed.cookies,
    rawFormat: String(definition.outputRawFormat ?? "json").toLowerCase(),
    body,
  };
}

function expectUrl(baseUri, sent, scope) {
  const fill = (tokens, find, decode) =>
    tokens.map(token => (typeof token === "string" ? decode(token) : pathText(find(token.name)))).join("");
  const inBaseUri = name => scope.findInBaseUri(name);
  const inPath = name => {
    const value = scope.findInPath(name);
    if (value === undefined) throw new MissingInput(name);
    return value;
  };
  const inQuery = name => scope.findInPath(name, ["path", "query"]);

  // A base URI may begin with a variable that holds the whole root.
  const base = baseUri.replace(/^\{+([^{}]*)\}+/, (_, name) => toText(inBaseUri(name.trim())));
  const [, root, basePath] = /^(https?:\/\/[^/]+)(.*?)\/*$/is.exec(base) ?? [];
  if (root === undefined) throw new Error(`the base URI is not one of http or https: ${baseUri}`);
  const origin = new URL(fill(parseTemplate(root), inBaseUri, literal => literal)).origin;

  const [pathTemplate, queryTemplate] = cutTemplate(sent, "?");
  const relative = trimLeadingSlashes(pathTemplate);
  const segments = splitTemplate(parseTemplate(basePath), "/").map(segment => fill(segment, inBaseUri, percentDecode));
  if (relative) {
    segments.push(...splitTemplate(relative, "/").map(segment => fill(segment, inPath, percentDecode)));
  }

  const pairs = queryTemplate ? splitTemplate(queryTemplate, "&") : [];
  const query = pairs
    .filter(pair => !isAbsentPair(pair, inQuery))
    .map(pair => {
      const [name, value = []] = cutTemplate(pair, "=");
      return [fill(name, inQuery, percentDecode), fill(value, inQuery, percentDecode)];
    });
  return {
    origin,
    segments: segments.length === 1 ? ["", ""] : segments,
    query: query.filter(([name, value]) => name !== "" || value !== ""),
  };
}

/** Tells whether the whole value of a pair is a placeholder without a value. */
function isAbsentPair(pair, find) {
  const value = cutTemplate(pair, "=")[1]?.filter(token => token !== "");
  return value?.length === 1 && typeof value[0] === "object" && find(value[0].name) === undefined;
}

/**
 * Returns the path without its leading slashes, or `undefined` for an empty one, which adds nothing to the base URI.
 */
function trimLeadingSlashes(tokens) {
  if (tokens.every(token => token === "")) return undefined;
  const [first, ...rest] = tokens;
  return typeof first === "string" ? [first.replace(/^\/+/, ""), ...rest] : tokens;
}

/** Constants and given inputs in query, headers and cookies, as names and texts. */
function placeParameters(parameters, scope) {
  const query = [];
  const headers = new Map();
  const cookies = [];
  for (const parameter of parameters) {
    const value = scope.valueOf(parameter);
    if (value === undefined && parameter.constant !== undefined && parameter.isRequired)
      throw new MissingInput(parameter.name);
    if (value === undefined) continue;
    if (parameter.in === "query") query.push(...queryPairs(parameter.name, value));
    if (parameter.in === "header") headers.set(parameter.name.toLowerCase(), headerText(value));
    if (parameter.in === "cookie") cookies.push(`${parameter.name}=${headerText(value)}`);
  }
  return { query, headers, cookies };
}

function queryPairs(name, value) {
  if (Array.isArray(value)) return value.map(element => [name, toText(element)]);
  if (typeof value !== "object" || value === null) return [[name, toText(value)]];
  return Object.entries(value).map(([member, child]) => [`${name}[${member}]`, toText(child)]);
}

/** Items joined by commas, and the members of an object as names and values. */
function pathText(value) {
  if (typeof value !== "object" || value === null) return toText(value);
  const items = Array.isArray(value) ? value : Object.entries(value).flat();
  return items.map(toText).join(",");
}

const headerText = pathText;
