import { isJsonObject } from "../../base/json-object.ts";
import { isNumber } from "../../base/numbers/json-number.ts";

/** Levels and members that are looked at. */
const DEEPEST = 10;
const MOST_MEMBERS = 200;

/** Returns a JSON Schema of the types that a value has. It holds no value: those may be somebody's. */
export function inferSchema(value: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (depth >= DEEPEST || value === null) return {};
  if (Array.isArray(value)) {
    const [first] = value as readonly unknown[];
    const items = first === undefined ? {} : inferSchema(first, depth + 1);
    return Object.keys(items).length === 0 ? { type: "array" } : { type: "array", items };
  }
  if (isNumber(value)) return { type: Number.isInteger(Number(value)) ? "integer" : "number" };
  if (isJsonObject(value)) {
    const members = Object.entries(value).slice(0, MOST_MEMBERS);
    if (members.length === 0) return { type: "object" };
    const properties = Object.fromEntries(members.map(([name, member]) => [name, inferSchema(member, depth + 1)]));
    return { type: "object", properties };
  }
  return { type: typeof value };
}
