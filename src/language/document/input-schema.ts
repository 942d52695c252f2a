import { isJsonObject } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import { JSON_NUMBER, readNumber } from "../../base/numbers/exact-number.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import type { ConsumedInputParameter } from "./document-types.ts";
import type { NamedSchemas } from "./named-schemas.ts";
import { writtenValue } from "./written-numbers.ts";

/** Type of an input: `any` if a file says none. */
export type InputType = NonNullable<ConsumedInputParameter["type"]> | "any";

/** Keywords that stand at a parameter itself, with the meaning of JSON Schema. */
const KEYWORDS = [
  "enum",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "items",
  "format",
] as const;

const SCHEMA_KEYS: ReadonlySet<string> = new Set([...KEYWORDS, "default", "x-schema"]);

/** Tells whether a key of a parameter says something of its value, besides `type`. */
export function isSchemaKey(key: string): boolean {
  return SCHEMA_KEYS.has(key);
}

const TYPES: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean", "array", "object"]);
const OF_NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] as const;

/** Returns the type of an input: the declared one, or the one that its schema or its style tells. */
export function inputType(declaration: ConsumedInputParameter): InputType {
  const { type, enum: values, items, minItems, maxItems, "x-schema": schema, "x-style": style } = declaration;
  if (type !== undefined) return type;
  if (schema !== undefined && isJsonObject(schema)) {
    const [found, ...others] = [schema["type"]].flat().filter(name => name !== "null");
    if (others.length === 0 && TYPES.has(found)) return found as InputType;
  }
  if (style === "deepObject") return "object";
  if (OF_NUMBERS.some(keyword => declaration[keyword] !== undefined)) return "number";
  if ((items ?? minItems ?? maxItems) !== undefined) return "array";
  const kinds = new Set(Array.isArray(values) ? values.map(value => (isNumber(value) ? "number" : typeof value)) : []);
  const [kind] = kinds;
  return kinds.size === 1 && (kind === "string" || kind === "number" || kind === "boolean") ? kind : "any";
}

/** Returns the type of the items of an array, `any` if a file says none. */
export function itemType({ items, "x-schema": schema }: ConsumedInputParameter): InputType {
  const described = items ?? (isJsonObject(schema) ? schema["items"] : undefined);
  const type = isJsonObject(described) ? described["type"] : undefined;
  return TYPES.has(type) ? (type as InputType) : "any";
}

/**
 * Returns the schema that the keywords of a parameter make, in the form of JSON Schema 2020-12. `undefined` if there are
 * none.
 */
export function ownSchema(declaration: ConsumedInputParameter): Readonly<Record<string, unknown>> | undefined {
  const found = KEYWORDS.filter(keyword => (declaration[keyword] ?? undefined) !== undefined);
  if (found.length === 0) return undefined;
  const type = inputType(declaration);
  const schema: Record<string, unknown> = {};
  for (const keyword of found) schema[keyword] = writtenValue(declaration, keyword);
  for (const keyword of ["exclusiveMinimum", "exclusiveMaximum"] as const) {
    // OpenAPI 3.0 and older write a boolean beside the bound.
    if (typeof schema[keyword] !== "boolean") continue;
    const bound = keyword === "exclusiveMinimum" ? "minimum" : "maximum";
    if (schema[keyword] && schema[bound] !== undefined) {
      schema[keyword] = schema[bound];
      delete schema[bound];
    } else delete schema[keyword];
  }
  const values = schema["enum"];
  if (Array.isArray(values)) {
    const isOfItems = type === "array" && !values.some(Array.isArray);
    const of = isOfItems ? itemType(declaration) : type;
    const read = values.map(value => asType(of, value));
    if (isOfItems) {
      schema["items"] = { ...(isJsonObject(schema["items"]) ? schema["items"] : {}), enum: read };
      delete schema["enum"];
    } else schema["enum"] = read;
  }
  return schema;
}

/**
 * Returns the schemas that a value has to keep to: that of the keywords, and `x-schema`.
 *
 * @param named schemas of the adapter that `x-schema` may refer to
 */
export function inputSchemas(declaration: ConsumedInputParameter, named: NamedSchemas | undefined): readonly Schema[] {
  const own = ownSchema(declaration);
  const written = writtenValue(declaration, "x-schema");
  const schema = named === undefined ? written : named.complete(written);
  const declared = typeof schema === "boolean" || isJsonObject(schema) ? schema : undefined;
  return [own, declared].filter(found => found !== undefined);
}

/** Reads a scalar of a file as the type that is declared beside it: YAML takes `yes` or `1` for what it looks like. */
export function asType(type: InputType, value: unknown): unknown {
  if (type === "string" && (typeof value === "boolean" || isNumber(value))) return String(value);
  if (typeof value !== "string") return value;
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if ((type !== "number" && type !== "integer") || !/^-?\d+(?:\.\d+)?$/.test(value)) return value;
  // A number with zeros in front is none of JSON, so that its digits could not be sent.
  return JSON_NUMBER.test(value) ? readNumber(value, "exact") : Number(value);
}
