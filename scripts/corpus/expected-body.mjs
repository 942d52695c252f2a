import { toText } from "./scope.mjs";
import { parseTemplate } from "./template.mjs";

const NO_BODY = { kind: "none" };
/** Begins a text that was a string literal of a JSON template. */
const LITERAL = "\uE000";
const ABSENT = Symbol("a placeholder without a value");

/**
 * The body an operation has to send, and the content type that goes with it unless a header says otherwise.
 * `unchecked` is a body that is sent in a form this check does not read.
 *
 * @returns {{ kind: "none" } | { kind: "json" | "text" | "form" | "unchecked", value: unknown, contentType: string }}
 */
export function expectBody({ definition, parameters, scope, contentType }) {
  if (definition.body !== undefined && definition.body !== null)
    return expectTemplate(definition.body, scope);
  const values = parameters
    .filter(parameter => parameter.in === "body")
    .map(parameter => ({ name: parameter.name, type: parameter.type, value: scope.valueOf(parameter) }));
  const supplied = values.filter(({ value }) => value !== undefined);
  if (supplied.length === 0) return NO_BODY;
  const isWhole = values.length === 1 && values[0].name === "body";
  if (isWhole && values[0].type === "string" && typeof values[0].value === "string") {
    return { kind: "text", value: values[0].value, contentType: "text/plain" };
  }
  const value = isWhole
    ? values[0].value
    : Object.fromEntries(supplied.map(member => [member.name, member.value]));
  const isJson = contentType === undefined || /[/+]json\b/i.test(contentType);
  return { kind: isJson ? "json" : "unchecked", value, contentType: "application/json" };
}

function expectTemplate(body, scope) {
  const { type, data } = typeof body === "string" ? { type: "json", data: body } : body;
  switch (type) {
    case "json": {
      const value = fill(typeof data === "string" ? parseJsonTemplate(data) : data, scope);
      return { kind: "json", value, contentType: "application/json" };
    }
    case "text":
      return { kind: "text", value: toText(fill(data, scope)), contentType: "text/plain" };
    case "formUrlEncoded": {
      const contentType = "application/x-www-form-urlencoded";
      if (typeof data === "string") return { kind: "unchecked", contentType };
      const pairs = Object.entries(fill(data, scope)).map(([name, value]) => [name, toText(value)]);
      return { kind: "form", value: pairs, contentType };
    }
    default:
      return { kind: "unchecked", contentType: CONTENT_TYPES[type] ?? "" };
  }
}

const CONTENT_TYPES = {
  xml: "application/xml",
  sparql: "application/sparql-query",
  multipartForm: "multipart/form-data; boundary=",
};

/** Puts the values into every string of a body; members and elements without a value go. */
function fill(node, scope) {
  if (typeof node === "string") return fillText(node, scope);
  if (Array.isArray(node)) return node.map(element => fill(element, scope)).filter(isPresent);
  if (typeof node !== "object" || node === null) return node;
  const members = Object.entries(node).map(([name, child]) => [name, fill(child, scope)]);
  return Object.fromEntries(members.filter(([, value]) => isPresent(value)));
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
    placeholder === undefined && /\{\{/.test(literal)
      ? `"${LITERAL}${literal}"`
      : `"${placeholder ?? literal}"`,
  );
  return JSON.parse(quoted);
}
