import { queryDecode } from "../../base/percent-decoding.ts";
import type { Operation, Parameter } from "../model/types.ts";
import type { ExportContext } from "./export-context.ts";
import { type ExportedParameter, exportedParameter } from "./exported-parameters.ts";
import { constantSchema } from "./exported-value.ts";

/** Path of an operation as a template of OpenAPI. */
export interface ExportedPath {
  /** The path with its placeholders, and a `#` tail that tells it from others. */
  readonly template: string;
  /** The same with one name for all placeholders: OpenAPI takes paths of one signature for the same. */
  readonly signature: string;
  /** The parameters in the order of their placeholders. */
  readonly placeholders: readonly Parameter[];
}

/** Writes the path of an operation. Constants of the file are text of the path. */
export function exportedPath({ pathParts, path }: Operation): ExportedPath {
  let template = "";
  let signature = "";
  const placeholders: Parameter[] = [];
  for (const part of pathParts) {
    if (typeof part === "object" && part.source.kind !== "constant") {
      placeholders.push(part);
      template += `{${part.name}}`;
      signature += "{}";
      continue;
    }
    const text =
      typeof part === "string"
        ? pathText(part)
        : encodeURIComponent(String((part.source as { value?: unknown }).value));
    template += text;
    signature += text;
  }
  const hash = path.indexOf("#");
  const tail = hash < 0 ? "" : `#${pathText(path.slice(hash + 1))}`;
  const behindSlash = (text: string) => `/${text.replace(/^\/+/, "")}${tail}`;
  return { template: behindSlash(template), signature: behindSlash(signature), placeholders };
}

/**
 * Writes the parameters of a path under the names of its template.
 *
 * @param names the names of the template's placeholders
 */
export function pathParameters(
  { placeholders }: ExportedPath,
  names: readonly string[],
  context: ExportContext,
): ExportedParameter[] {
  const written = new Map<string, ExportedParameter>();
  for (const [index, parameter] of placeholders.entries()) {
    const name = names[index] ?? parameter.name;
    if (!written.has(name)) written.set(name, exportedParameter(parameter, name, context));
  }
  return [...written.values()];
}

/** Returns the query that a path has itself as parameters: OpenAPI has no query in a path. */
export function queryParameters(context: ExportContext): ExportedParameter[] {
  const { queryParts, parameters } = context.operation;
  const taken = new Set(parameters.filter(({ in: location }) => location === "query").map(({ name }) => name));
  const written = new Map<string, ExportedParameter>();
  for (const pair of pairsOf(queryParts)) {
    const [first, ...others] = pair;
    const text = typeof first === "string" ? first : "";
    const equals = text.indexOf("=");
    const name =
      queryDecode(equals < 0 ? text : text.slice(0, equals)) || (typeof first === "object" ? first.name : "");
    if (name === "" || taken.has(name) || written.has(name)) continue;
    const parameter = [...pair].find(part => typeof part === "object");
    if (parameter !== undefined && (others.length === 1 || pair.length === 1)) {
      const found = exportedParameter(parameter, name, context);
      written.set(name, { ...found, written: { ...found.written, in: "query" } });
      continue;
    }
    const isWhole = parameter === undefined;
    const value = queryDecode(equals < 0 ? "" : text.slice(equals + 1));
    const schema = isWhole ? constantSchema(value, context) : { type: "string" };
    written.set(name, { written: { name, in: "query", required: true, schema }, pointer: "" });
  }
  return [...written.values()];
}

/** Splits a query at its `&`. */
function pairsOf(parts: Operation["queryParts"]): (string | Parameter)[][] {
  const pairs: (string | Parameter)[][] = [[]];
  for (const part of parts) {
    if (typeof part !== "string") {
      pairs.at(-1)?.push(part);
      continue;
    }
    const [rest = "", ...more] = part.split("&");
    if (rest !== "") pairs.at(-1)?.push(rest);
    for (const text of more) pairs.push(text === "" ? [] : [text]);
  }
  return pairs.filter(pair => pair.length > 0);
}

/** Encodes literal text of a path: a brace would begin a placeholder. What is encoded already stays. */
export function pathText(text: string): string {
  return text
    .toWellFormed()
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25")
    .replace(/[^!$%&'()*+,\-./0-9:;=@A-Z_a-z~]+/gu, encodeURIComponent);
}
