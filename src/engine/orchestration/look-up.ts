import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import { setMember } from "../../base/set-member.ts";

/** What a look-up searches, and for what (language chapter 8.3). */
interface LookUp {
  /** The output that is searched: a list of objects, an object, or one whose members are the columns of a table. */
  readonly index: unknown;
  /** Member that the value is compared with. */
  readonly match: string;
  /** A list is a look-up of each of its items. */
  readonly value: unknown;
  /** Members of what is found that are given. */
  readonly fields: readonly string[];
}

/**
 * Finds the first entry whose member is the value. Of a list of values, the entries that are found, in its order.
 *
 * @returns `null` if no entry matches, `[]` for a list
 */
export function lookUp({ index, match, value, fields }: LookUp): unknown {
  if (!Array.isArray(value)) {
    const entry = find(index, match, value);
    return entry === undefined ? null : pick(entry, fields);
  }
  const entries = entriesBy(index, match);
  const found: unknown[] = [];
  for (const item of value as readonly unknown[]) {
    const key = keyOf(item);
    const entry = key === undefined ? undefined : entries.get(key);
    if (entry !== undefined) found.push(pick(entry, fields));
  }
  return found;
}

function find(index: unknown, match: string, value: unknown): JsonObject | undefined {
  const key = keyOf(value);
  if (key === undefined) return undefined;
  for (const entry of entriesOf(index, match)) if (keyOf(own(entry, match)) === key) return entry;
  return undefined;
}

function entriesBy(index: unknown, match: string): ReadonlyMap<string, JsonObject> {
  const entries = new Map<string, JsonObject>();
  for (const entry of entriesOf(index, match)) {
    const key = keyOf(own(entry, match));
    if (key !== undefined && !entries.has(key)) entries.set(key, entry);
  }
  return entries;
}

function* entriesOf(index: unknown, match: string): Generator<JsonObject, void, undefined> {
  if (Array.isArray(index)) {
    for (const entry of index as readonly unknown[]) if (isJsonObject(entry)) yield entry;
    return;
  }
  if (!isJsonObject(index)) return;
  const column = own(index, match);
  if (!Array.isArray(column)) {
    yield index;
    return;
  }
  const columns = Object.entries(index).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  for (let row = 0; row < column.length; row++) {
    yield Object.fromEntries(columns.map(([name, values]) => [name, values[row]]));
  }
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns the text by which values are compared: `5` is `"5"`. `null` and what is missing equal nothing. */
function keyOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return undefined;
  if (isNumber(value) || typeof value === "boolean") return String(value);
  return stringify(value);
}

function pick(entry: JsonObject, fields: readonly string[]): JsonObject {
  const picked: Record<string, unknown> = {};
  for (const field of fields) setMember(picked, field, own(entry, field) ?? null);
  return picked;
}
