import { isJsonObject } from "../../base/json-object.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import { looksPrivate } from "./private-value.ts";

/** Levels, members and items that are looked at. */
const DEEPEST = 10;
const MOST_MEMBERS = 200;
const MOST_ITEMS = 20;

/** A JSON Schema of the types that values have. An empty one is that of any value. */
export type SeenSchema = Readonly<Record<string, unknown>>;

/**
 * Returns a JSON Schema of the types that a value has. It holds no value: those may be somebody's. Nor does it hold the names
 * of members that are ids or addresses of somebody.
 */
export function inferSchema(value: unknown, depth = 0): SeenSchema {
  if (depth >= DEEPEST || value === null) return {};
  if (Array.isArray(value)) {
    const all = (value as readonly unknown[]).slice(0, MOST_ITEMS).map(item => inferSchema(item, depth + 1));
    const items = all.length === 0 ? {} : all.reduce(unionSchema);
    return Object.keys(items).length === 0 ? { type: "array" } : { type: "array", items };
  }
  if (isNumber(value)) return { type: Number.isInteger(Number(value)) ? "integer" : "number" };
  if (isJsonObject(value)) {
    const members = Object.entries(value).slice(0, MOST_MEMBERS);
    if (members.length === 0 || members.some(([name]) => /^\d+$/.test(name) || looksPrivate(name)))
      return { type: "object" };
    const properties = Object.fromEntries(members.map(([name, member]) => [name, inferSchema(member, depth + 1)]));
    return { type: "object", properties };
  }
  return { type: typeof value };
}

/** Returns a schema that allows what either of two allows. */
export function unionSchema(one: SeenSchema, other: SeenSchema): SeenSchema {
  const [type, otherType] = [one["type"], other["type"]];
  if (type !== otherType) {
    const isNumeric = [type, otherType].every(name => name === "integer" || name === "number");
    return isNumeric ? { type: "number" } : {};
  }
  if (type === "array") {
    const [items, otherItems] = [one["items"], other["items"]];
    if (items === undefined || otherItems === undefined) return { type };
    const both = unionSchema(items as SeenSchema, otherItems as SeenSchema);
    return Object.keys(both).length === 0 ? { type } : { type, items: both };
  }
  const [properties, otherProperties] = [one["properties"], other["properties"]];
  if (!isJsonObject(properties)) return other;
  if (!isJsonObject(otherProperties)) return one;
  const union = new Map(Object.entries(properties));
  for (const [name, schema] of Object.entries(otherProperties)) {
    const before = union.get(name);
    union.set(name, before === undefined ? schema : unionSchema(before as SeenSchema, schema as SeenSchema));
  }
  return { type, properties: Object.fromEntries(union) };
}
