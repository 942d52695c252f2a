import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { tokenCost } from "../../../tools/answer/token-cost.ts";

/** Most tokens of a description. */
const MOST_TOKENS = 1_500;

interface Bounds {
  /** Levels of values. */
  readonly depth: number;
  /** Characters of a text. */
  readonly text: number;
  /** Items of a list, and members of an object. */
  readonly items: number;
}

/** The fullest first. */
const BOUNDS: readonly Bounds[] = [
  { depth: 40, text: 600, items: 300 },
  { depth: 12, text: 160, items: 100 },
  { depth: 8, text: 80, items: 60 },
  { depth: 6, text: 60, items: 40 },
  { depth: 5, text: 40, items: 40 },
  { depth: 4, text: 40, items: 25 },
  { depth: 4, text: 40, items: 12 },
  { depth: 3, text: 30, items: 12 },
  { depth: 2, text: 20, items: 8 },
];

/**
 * Writes values as JSON that costs little: deep levels, long texts and lists are cut, and a note says so.
 *
 * @param whole members that are not cut
 */
export function shortened(whole: JsonObject, others: JsonObject): string {
  const full = JSON.stringify({ ...whole, ...others });
  if (isShort(full)) return full;
  for (const bounds of BOUNDS) {
    const text = JSON.stringify({ ...whole, note: NOTE, ...cutMembers(others, bounds) });
    if (isShort(text)) return text;
  }
  return JSON.stringify({ ...whole, note: NOTE });
}

function isShort(text: string): boolean {
  return tokenCost(text, MOST_TOKENS) <= MOST_TOKENS;
}

const NOTE = "… stands for what is left out here. Inputs are checked by the whole schema, and what is wrong is told.";

function cutMembers(value: JsonObject, bounds: Bounds): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cut(member, bounds)]));
}

function cut(value: unknown, bounds: Bounds): unknown {
  if (typeof value === "string")
    return value.length > bounds.text ? `${value.slice(0, bounds.text).toWellFormed()}…` : value;
  if (Array.isArray(value)) {
    if (bounds.depth === 0) return ["…"];
    const items = value.slice(0, bounds.items).map(item => cut(item, deeper(bounds)));
    return value.length > items.length ? [...items, "…"] : items;
  }
  if (!isJsonObject(value)) return value;
  if (bounds.depth === 0) return typeof value["type"] === "string" ? { type: value["type"], "…": "…" } : { "…": "…" };
  const members = requiredFirst(value);
  const kept = members.slice(0, bounds.items).map(([name, member]) => [name, cut(member, deeper(bounds))] as const);
  const left = members.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ["…", `${left} more`]] : kept);
}

function deeper(bounds: Bounds): Bounds {
  return { ...bounds, depth: bounds.depth - 1 };
}

/** Returns the members of an object: of the properties of a schema, those that its owner requires come first. */
function requiredFirst(value: JsonObject): [string, unknown][] {
  const { properties, required } = value;
  if (!isJsonObject(properties) || !Array.isArray(required)) return Object.entries(value);
  const names = new Set(required);
  const ordered = Object.entries(properties).sort(([a], [b]) => Number(names.has(b)) - Number(names.has(a)));
  return Object.entries({ ...value, properties: Object.fromEntries(ordered) });
}
