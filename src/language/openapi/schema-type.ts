import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { ConsumedInputParameter } from "../document/document-types.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";

const TYPES: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean", "array", "object"]);

type TypeName = NonNullable<ConsumedInputParameter["type"]>;

/** Most schemas in one another that are looked into for a type. */
const DEEPEST = 8;

/** Returns the one type that a schema allows besides `null`, `undefined` if there are several or none is told. */
export function schemaType(node: DescriptionNode, description: Description, depth: number = 0): TypeName | undefined {
  const schema = depth > DEEPEST ? undefined : description.resolve(node);
  if (schema === undefined || !isJsonObject(schema.value)) return undefined;
  const { value } = schema;
  if (value["type"] === "file") return "string";
  const declared = [value["type"]].flat().filter(name => TYPES.has(name)) as TypeName[];
  if (declared.length > 0) return declared.length === 1 ? declared[0] : undefined;
  return composedType(schema, description, depth) ?? impliedType(value);
}

function composedType(schema: DescriptionNode, description: Description, depth: number): TypeName | undefined {
  for (const [, part] of schema.child("allOf")?.children() ?? []) {
    const type = schemaType(part, description, depth + 1);
    if (type !== undefined) return type;
  }
  for (const keyword of ["oneOf", "anyOf"]) {
    const choices = (schema.child(keyword)?.children() ?? []).filter(([, { value }]) => !isNull(value));
    const types = new Set(choices.map(([, choice]) => schemaType(choice, description, depth + 1)));
    if (types.size === 1) return [...types][0];
    // Where there is a choice, no type beside it can be meant.
    if (types.size > 1) return undefined;
  }
  return undefined;
}

function isNull(value: unknown): boolean {
  return isJsonObject(value) && value["type"] === "null";
}

function impliedType(schema: JsonObject): TypeName | undefined {
  const { properties, items, enum: values } = schema;
  if (isJsonObject(properties)) return "object";
  if (isJsonObject(items)) return "array";
  if (!Array.isArray(values)) return undefined;
  const kinds = new Set(values.filter(value => value !== null).map(value => typeof value));
  const [kind] = kinds;
  return kinds.size === 1 && (kind === "string" || kind === "number" || kind === "boolean") ? kind : undefined;
}
