import { toText } from "./scope.mjs";
import { parseTemplate } from "./template.mjs";

const NO_BODY = { kind: "none" };
/** Begins a text that was a string literal of a JSON template. */
const LITERAL = "\uE000";
const ABSENT = Symbol("a placeholder without a value");
const PARTS = "multipart/form-data; boundary=";
const FORM = "application/x-www-form-urlencoded";

/** The kinds of declared bodies by all names that files write. */
export const BODY_TYPES = new Map([
  ["json", "json"],
  ["application/json", "json"],
  ["text", "text"],
  ["text/plain", "text"],
  ["xml", "xml"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
  ["sparql", "sparql"],
  ["formUrlEncoded", "form"],
  ["form", "form"],
  [FORM, "form"],
  ["multipartForm", "multipart"],
  ["multipart", "multipart"],
  ["multipart/form-data", "multipart"],
]);

/**
 * Returns the body that an operation has to send, and its content type unless a header says otherwise.
 *
 * @returns {{ kind: "none" } | { kind: "refused" } | { kind: "json" | "text" | "form" | "multipart" | "xml", value?:
 *   unknown, contentType: string }} `refused` for a kind of body that the language does not have
 */
export function expectBody({ definition, parameters, scope, contentType }) {
  if (definition.body !== undefined && definition.body !== null)
    return expectTemplate(definition.body, scope, contentType);
  const values = parameters
    .filter(parameter => parameter.in === "body")
    .map(parameter => ({ name: parameter.name, type: parameter.type, value: scope.valueOf(parameter) }));
  const whole = values.find(({ name, value }) => name === "body" && value !== undefined);
  if (whole) return expectWhole(whole, contentType);
  const supplied = values.filter(({ value }) => value !== undefined);
  if (supplied.length === 0) return NO_BODY;
  return structured(Object.fromEntries(supplied.map(({ name, value }) => [name, value])), contentType);
}

function expectWhole({ type, value }, contentType) {
  const isText = type === "string" || (contentType !== undefined && !isJson(contentType));
  return typeof value === "string" && isText
    ? { kind: "text", value, contentType: "text/plain" }
    : { code: "INPUT_INVALID", ...structured(value, contentType) };
}

function structured(value, contentType) {
  const isObject = typeof value === "object" && value !== null;
  if (isObject && /^multipart\/form-data/i.test(contentType ?? ""))
    return { kind: "multipart", value: memberParts(value), contentType: PARTS };
  if (isObject && /[/+]xml\b/i.test(contentType ?? ""))
    return { kind: namesElements(value) ? "xml" : "refused", contentType };
  return isForm(contentType) && typeof value === "object" && value !== null
    ? { kind: "form", value: formPairs(value), contentType: FORM }
    : { kind: "json", value, contentType: "application/json" };
}

/** Tells whether every member could be an element of XML. The check does not compute their spelling. */
function namesElements(value) {
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([name, member]) => (Array.isArray(value) || /^[\p{L}_][\w.-]*$/u.test(name)) && namesElements(member),
  );
}

/** Arrays repeat the name, objects are JSON, and what is absent is left out. */
function memberParts(value) {
  return Object.entries(value).flatMap(([name, member]) =>
    [member].flat().flatMap(item => {
      if (item === null || item === undefined) return [];
      const part = { name, value: toText(item) };
      return [typeof item === "object" ? { ...part, contentType: "application/json" } : part];
    }),
  );
}

/** Returns a part as it is sent: a file has a content type. */
function declaredPart({ name, value, filename, contentType }) {
  const type = contentType ?? (filename === undefined ? undefined : "application/octet-stream");
  return {
    name: toText(name),
    value: toText(value),
    ...(filename === undefined ? {} : { filename: toText(filename) }),
    ...(type === undefined ? {} : { contentType: toText(type) }),
  };
}

function isJson(contentType) {
  return /[/+]json\b/i.test(contentType);
}

function isForm(contentType) {
  return contentType?.toLowerCase().startsWith(FORM);
}

/** Arrays repeat the name, members of objects stand in brackets, and what is absent is left out. */
function formPairs(value) {
  return Object.entries(value).flatMap(([name, member]) => pairsOf(name, member));
}

function pairsOf(name, value) {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[name, toText(value)]];
  return Object.entries(value).flatMap(([key, child]) => {
    const isScalar = typeof child !== "object" || child === null;
    return pairsOf(Array.isArray(value) && isScalar ? name : `${name}[${key}]`, child);
  });
}

function expectTemplate(body, scope, contentType) {
  const { type, data } = typeof body === "string" ? { type: "json", data: body } : body;
  switch (BODY_TYPES.get(String(type))) {
    case "json":
      if (typeof data === "string" && contentType !== undefined && !isJson(contentType))
        return expectText(data, scope, contentType);
      return expectJson(typeof data === "string" ? parseJsonTemplate(data) : data, scope, contentType);
    case "text":
      return expectText(data, scope, "text/plain");
    case "xml":
      return expectText(data, scope, "application/xml");
    case "sparql":
      return expectText(data, scope, "application/sparql-query");
    case "form":
      if (typeof data === "string") return expectText(data, scope, FORM);
      return { kind: "form", value: formPairs(fill(data, scope)), contentType: FORM };
    case "multipart": {
      const parts = Array.isArray(data) ? data : Object.entries(data).map(([name, value]) => ({ name, value }));
      const filled = parts.map(part => fill(part, scope));
      const value = filled.filter(part => part.value !== undefined && part.value !== null).map(declaredPart);
      return { kind: "multipart", value, contentType: PARTS };
    }
    default:
      return { kind: "refused" };
  }
}

function expectJson(data, scope, contentType) {
  const value = fill(data, scope);
  return value === ABSENT ? NO_BODY : structured(value, contentType);
}

function expectText(data, scope, contentType) {
  const write = isForm(contentType) ? encodeForm : /[/+]xml\b/i.test(contentType) ? escapeXml : undefined;
  const tokens = parseTemplate(String(data), { singleBraces: false });
  const value = scope.render(tokens, write ?? (text => text));
  return value === undefined ? NO_BODY : { kind: "text", value, contentType };
}

function escapeXml(text) {
  const names = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };
  return text.replace(/[&<>"']/g, character => `&${names[character]};`);
}

function encodeForm(text) {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

/** Puts the values into every string of a body; members and elements without a value go. */
function fill(node, scope) {
  if (typeof node === "string") return fillText(node, scope);
  if (Array.isArray(node)) return node.map(element => fill(element, scope)).filter(isPresent);
  if (typeof node !== "object" || node === null) return node;
  const members = Object.entries(node).map(([name, child]) => [fillText(name, scope), fill(child, scope)]);
  const present = members.filter(member => member.every(isPresent));
  return Object.fromEntries(present.map(([name, value]) => [toText(name), value]));
}

function fillText(text, scope) {
  const isLiteral = text.startsWith(LITERAL);
  const tokens = parseTemplate(isLiteral ? text.slice(LITERAL.length) : text, { singleBraces: false });
  const value = scope.render(tokens);
  if (value === undefined) return ABSENT;
  return isLiteral ? toText(value) : value;
}

function isPresent(value) {
  return value !== ABSENT;
}

/**
 * Reads a JSON text with placeholders. One that stands alone is quoted, as `fill` puts its value in; the texts that
 * were quoted from the start are marked, as a number inside them stays text.
 */
function parseJsonTemplate(text) {
  const quoted = text.replace(/"((?:[^"\\]|\\.)*)"|(\{\{[^{}]*\}\})/g, (_part, literal, placeholder) =>
    placeholder === undefined && /\{\{/.test(literal) ? `"${LITERAL}${literal}"` : `"${placeholder ?? literal}"`,
  );
  return JSON.parse(quoted);
}
