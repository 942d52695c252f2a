import { isTransportHeader } from "../../../language/expression/transport-header.ts";
import type { Operation, Parameter } from "../../../language/model/types.ts";
import { quote } from "../api-error.ts";
import { decodePattern, matchSegment, splitParts } from "../routing/segment-pattern.ts";
import { textFits, typeName } from "./fits-type.ts";
import { type ReceivedParameters, receivedTexts } from "./received-parameters.ts";

/**
 * Returns why a request belongs to another operation on the same path, or `undefined`: a constant parameter or literal
 * text of the path's own query is missing.
 */
export function constantProblem(operation: Operation, received: ReceivedParameters): string | undefined {
  for (const parameter of operation.parameters) {
    const { source, in: location, name } = parameter;
    if (source.kind !== "constant" || location === "body") continue;
    const expected = String(source.value);
    // White space around a header's value is not a part of it (RFC 9110, 5.5).
    if (!receivedTexts(parameter, received)?.some(text => text.trim() === expected.trim())) {
      return `${locationText(parameter)} ${quote(name)} must be ${quote(expected)}`;
    }
  }
  return pathQueryProblem(operation, received.query);
}

/** Returns the problem of an input in path, query, headers or cookies: it is missing or does not fit its type. */
export function inputProblem({ parameters, pathParts }: Operation, received: ReceivedParameters): string | undefined {
  const inPath = pathParts.filter(part => typeof part !== "string" && part.source.kind !== "constant");
  for (const [index, parameter] of (inPath as readonly Parameter[]).entries()) {
    const problem = textProblem(parameter, received.values[index] ?? "");
    if (problem !== undefined) return problem;
  }
  for (const parameter of parameters) {
    if (parameter.in === "body" || parameter.source.kind === "constant") continue;
    const texts = receivedTexts(parameter, received);
    if (texts === undefined) {
      if (parameter.required && !isUnsendable(parameter) && !isExploded(parameter))
        return `${locationText(parameter)} ${quote(parameter.name)} is required`;
      continue;
    }
    const problem = texts.map(text => textProblem(parameter, text)).find(found => found !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textProblem(parameter: Parameter, text: string): string | undefined {
  // In another style the text is not the value alone.
  if (parameter.style !== undefined) return undefined;
  if (textFits(parameter.type, text)) return undefined;
  return `${locationText(parameter)} ${quote(parameter.name)} must be ${typeName(parameter.type)}, found ${quote(text)}`;
}

function locationText({ in: location }: Parameter): string {
  switch (location) {
    case "header":
      return "Header";
    case "cookie":
      return "Cookie";
    default:
      return `${location === "path" ? "Path" : "Query"} parameter`;
  }
}

/** Returns whether the names in a request may be those of an object's members. */
function isExploded({ style, type }: Parameter): boolean {
  return style?.ok === true && style.explode && (type === "object" || type === "any");
}

/** Returns whether only the transport can write a header. */
function isUnsendable({ in: location, name }: Parameter): boolean {
  return location === "header" && isTransportHeader(name);
}

/** Returns what is missing of a query that the path declares: literal text or the value of a placeholder. */
function pathQueryProblem({ queryParts, parameters }: Operation, query: URLSearchParams): string | undefined {
  // In a query a plus sign is a space.
  const parts = queryParts.map(part => (typeof part === "string" ? part.replaceAll("+", " ") : part));
  for (const [first, ...others] of splitParts(parts, "&")) {
    // A name with a placeholder is not compared: any request would match it.
    if (typeof first !== "string" || first === "" || (others.length > 0 && !first.includes("="))) continue;
    if (others.some(part => typeof part !== "string" && !part.required)) continue;
    const [before = "", ...after] = first.split("=");
    const [name = ""] = decodePattern([before]);
    // A parameter of the name takes the place of the text.
    if (query.has(String(name)) && parameters.some(parameter => parameter.in === "query" && parameter.name === name))
      continue;
    const pattern = decodePattern([after.join("="), ...others]);
    if (query.getAll(String(name)).some(text => matchSegment(pattern, text) !== undefined)) continue;
    const expected = pattern.map(part => (typeof part === "string" ? part : `{${part.name}}`)).join("");
    return `Query parameter ${quote(String(name))} must be ${quote(expected)}`;
  }
  return undefined;
}
