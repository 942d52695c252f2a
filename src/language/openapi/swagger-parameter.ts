import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { keepNumbers } from "../document/written-numbers.ts";
import type { Description } from "./description.ts";
import { type DescriptionNode, placedAt } from "./description-node.ts";

/** Members of a parameter of Swagger 2.0 that are about the parameter and not about its value. */
const OWN: ReadonlySet<string> = new Set([
  "allowEmptyValue",
  "collectionFormat",
  "deprecated",
  "description",
  "in",
  "name",
  "required",
  "schema",
]);

/** How OpenAPI 3 names a form of lists in a query or a form; `tsv` has no name there. */
const STYLES: Readonly<Record<string, JsonObject>> = {
  csv: { style: "form", explode: false },
  multi: { style: "form", explode: true },
  pipes: { style: "pipeDelimited", explode: false },
  ssv: { style: "spaceDelimited", explode: false },
};

/** Tells whether a parameter is the body, or a field of a form. */
export function isInBody({ value }: DescriptionNode): boolean {
  return isJsonObject(value) && /^(?:body|form(?:data)?)$/i.test(String(value["in"]));
}

/** Returns a parameter of Swagger 2.0 as one of OpenAPI 3: its type is a schema. */
export function swaggerParameter(node: DescriptionNode, description: Description): JsonObject {
  const parameter = node.value as JsonObject;
  const kept = Object.entries(parameter).filter(
    ([name]) => (OWN.has(name) && name !== "schema" && name !== "collectionFormat") || name.startsWith("x-"),
  );
  const place = typeof parameter["in"] === "string" ? { in: parameter["in"].toLowerCase() } : {};
  return {
    ...Object.fromEntries(kept),
    ...place,
    ...listStyle(node, description),
    schema: valueSchema(node),
  };
}

/** Returns the schema of a parameter's value. */
export function valueSchema(node: DescriptionNode): unknown {
  const parameter = node.value as JsonObject;
  const given = node.child("schema");
  if (given !== undefined) return isJsonObject(given.value) ? placedAt(given.value, given) : given.value;
  const schema: Record<string, unknown> = {};
  for (const [name, member] of node.children()) {
    if (OWN.has(name) || (name.startsWith("x-") && name !== "x-nullable")) continue;
    schema[name] = member.value;
    if (isJsonObject(member.value)) placedAt(member.value, member);
  }
  keepNumbers(parameter, schema);
  if (schema["type"] !== "file") return placedAt(schema, node);
  return placedAt({ ...schema, type: "string", format: "binary" }, node);
}

/** Returns how the items of a list are written. Path and header have commas in both versions. */
export function listStyle(node: DescriptionNode, description: Description): JsonObject {
  const { type, in: location, collectionFormat, items } = node.value as JsonObject;
  if (type !== "array") return {};
  const nested = isJsonObject(items) ? items["collectionFormat"] : undefined;
  if (nested !== undefined && nested !== "csv")
    description.report(
      node,
      `Lists within a list are not written as ${JSON.stringify(nested)}, which OpenAPI 3 cannot say`,
    );
  const format = String(collectionFormat ?? "csv");
  const isPlain = /^(?:path|header)$/i.test(String(location));
  if (isPlain && format === "csv") return {};
  const style = isPlain ? undefined : member(STYLES, format);
  if (style !== undefined) return style;
  description.report(
    node,
    `The list is written with commas and not as ${JSON.stringify(format)}, which OpenAPI 3 cannot say there`,
  );
  return isPlain ? {} : (STYLES["csv"] as JsonObject);
}
