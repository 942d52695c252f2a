import { isCallersCredential } from "./credential.mjs";
import { expectBody } from "./expected-body.mjs";
import { Scope, toText } from "./scope.mjs";
import { cutTemplate, parseTemplate, percentDecode, splitTemplate } from "./template.mjs";

/**
 * The request that an operation has to become, computed from the file and the language's rules alone.
 *
 * @param {object} operation of `readCapabilityFile`
 * @param {import("./binds.mjs").Binds} binds
 * @param {Map<object, unknown>} given the operation's inputs that have a value
 * @param {string} [baseUri] stands in for an empty one
 * @returns {{ code: string } | { method: string, origin: string, segments: string[], query: [string, string][],
 *   headers: Map<string, string>, cookies: string[], rawFormat: string, body: object }} `code` when it has to be
 *   refused
 */
export function expectRequest(operation, binds, given, baseUri) {
  const { credential, definition, parameters } = operation;
  if ([...given.keys()].some(hasNoText)) return { code: "INPUT_INVALID" };
  const scope = new Scope(binds, given, parameters);
  const placed = placeParameters(parameters, scope);

  if (credential && ![...given.keys()].some(input => isCallersCredential(input, credential))) {
    if (credential.value === undefined || credential.name === undefined) return { code: "BIND_MISSING" };
    if (credential.in === "query") placed.query.push([credential.name, credential.value]);
    else placed.headers.set(credential.name.toLowerCase(), credential.value);
  }

  const url = expectUrl(operation.baseUri || baseUri, operation.path, scope);
  return {
    method: operation.method,
    origin: url.origin,
    segments: url.segments,
    query: [...url.query, ...placed.query],
    headers: placed.headers,
    cookies: placed.cookies,
    rawFormat: String(definition.outputRawFormat ?? "json").toLowerCase(),
    body: expectBody({
      definition,
      parameters,
      scope,
      contentType: placed.headers.get("content-type"),
    }),
  };
}

function expectUrl(baseUri, path, scope) {
  const fill = (tokens, decode) =>
    tokens
      .map(token => (typeof token === "string" ? decode(token) : pathText(scope.findInUrl(token.name))))
      .join("");

  // A base URI may begin with a variable that holds the whole root.
  const base = baseUri.replace(/^\{+([^{}]*)\}+/, (tag, name) => toText(scope.find(name.trim())) || tag);
  const [, root, basePath] = /^(https?:\/\/[^/]+)(.*?)\/*$/is.exec(base) ?? [];
  if (root === undefined) throw new Error(`the base URI is not one of http or https: ${baseUri}`);
  const origin = new URL(fill(parseTemplate(root), literal => literal)).origin;

  const [sent] = cutTemplate(parseTemplate(path), "#");
  const [pathTemplate, queryTemplate] = cutTemplate(sent, "?");
  const relative = trimLeadingSlashes(pathTemplate);
  const whole = [...parseTemplate(basePath), ...(relative ? ["/", ...relative] : [])];
  const segments = splitTemplate(whole, "/").map(segment => fill(segment, percentDecode));

  const pairs = queryTemplate ? splitTemplate(queryTemplate, "&") : [];
  const query = pairs.map(pair => {
    const [name, value = []] = cutTemplate(pair, "=");
    return [fill(name, percentDecode), fill(value, percentDecode)];
  });
  return {
    origin,
    segments: segments.length === 1 ? ["", ""] : segments,
    query: query.filter(([name, value]) => name !== "" || value !== ""),
  };
}

/** The path without the slashes before it; `undefined` for an empty one, which adds nothing to the base URI. */
function trimLeadingSlashes(tokens) {
  if (tokens.every(token => token === "")) return undefined;
  const [first, ...rest] = tokens;
  return typeof first === "string" ? [first.replace(/^\/+/, ""), ...rest] : tokens;
}

/** An object has a form in a query and in a body; the language has none for it in a path, a header or a cookie. */
export function hasNoText(input) {
  return input.type === "object" && ["path", "header", "cookie"].includes(input.in);
}

/** Constants and given inputs in query, headers and cookies, as names and texts. */
function placeParameters(parameters, scope) {
  const query = [];
  const headers = new Map();
  const cookies = [];
  for (const parameter of parameters) {
    const value = scope.valueOf(parameter);
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

function pathText(value) {
  return Array.isArray(value) ? value.map(toText).join(",") : toText(value);
}

const headerText = pathText;
