import { isJsonObject, isObject, type JsonObject, member } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";

/** Member of a difference that holds the whole new value. */
const WHOLE = "=";

/** Members that are one value, whose parts are not compared. */
const ATOMIC: ReadonlySet<string> = new Set(["x-schema", "default", "body", "exposes", "aggregates"]);

/** Names that would mean something where they are carried: `=`, and references of other documents. */
const QUOTED = /^[=$]/;

/** Returns a name as it is carried. The type of a list is in another form: linters would take what holds it for a schema. */
function quotedName(name: string, value?: unknown): string {
  return QUOTED.test(name) || (name === "type" && value === "array") ? `=${name}` : name;
}

/** Returns the name that is carried. */
function plainName(name: string): string {
  return name.length > 1 && name.startsWith("=") ? name.slice(1) : name;
}

/** Returns a value with all its names in another form. */
function renamed(value: unknown, rename: (name: string, value: unknown) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [rename(name, held), renamed(held, rename)]));
}

/**
 * Returns what makes one value of another. `undefined` if they are the same.
 *
 * - `null`: the member is removed
 * - an object: a difference for each member that differs, or for each item of a list of named things, by its name; with
 *   the one member `=`, the new value itself. Names that begin with `=` or `$`, and `type` of a list, have one more `=` in front
 * - anything else: the new value
 */
export function difference(from: unknown, to: unknown, name: string = ""): unknown {
  if (stringify(from) === stringify(to)) return undefined;
  if (Array.isArray(to)) {
    const merged = ATOMIC.has(name) ? undefined : listDifference(from, to);
    return merged ?? renamed(to, quotedName);
  }
  if (!isObject(to)) return to === null ? { [WHOLE]: null } : to;
  if (ATOMIC.has(name) || !isJsonObject(from)) return wholeDifference(to);
  // Named schemas are compared by name, and each is one value.
  return memberDifference(from, to as JsonObject, name === "x-schemas" ? "x-schema" : undefined);
}

/** Returns the difference that makes a value whatever another is. */
export function wholeDifference(to: unknown): JsonObject {
  return { [WHOLE]: renamed(to, quotedName) };
}

/** Returns `undefined` if the members differ in nothing but their order. */
function memberDifference(from: JsonObject, to: JsonObject, kind: string | undefined): JsonObject | undefined {
  const removed = Object.keys(from).filter(name => !Object.hasOwn(to, name));
  const changed = Object.keys(to).flatMap(name => {
    const change = difference(member(from, name), to[name], kind ?? name);
    return change === undefined ? [] : [[quotedName(name, change), change] as const];
  });
  const changes = [...removed.map(name => [quotedName(name), null] as const), ...changed];
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Returns the differences of lists of the same named things. `undefined` if they are not. */
function listDifference(from: unknown, to: readonly unknown[]): JsonObject | undefined {
  const before = keyed(from);
  const after = keyed(to);
  if (before === undefined || after === undefined || before.size !== after.size || after.size === 0) return undefined;
  const names = [...before.keys()];
  if (![...after.keys()].every((name, index) => names[index] === name)) return undefined;
  return Object.fromEntries(
    [...after].flatMap(([name, item]) => {
      const change = difference(before.get(name), item);
      return change === undefined ? [] : [[quotedName(name), change] as const];
    }),
  );
}

/** Returns the items of a list by name and place. `undefined` if not each has a name of its own. */
function keyed(list: unknown): Map<string, JsonObject> | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = new Map<string, JsonObject>();
  for (const item of list as readonly unknown[]) {
    const key = keyOf(item);
    if (key === undefined || found.has(key)) return undefined;
    found.set(key, item as JsonObject);
  }
  return found;
}

function keyOf(item: unknown): string | undefined {
  if (!isJsonObject(item) || typeof item["name"] !== "string") return undefined;
  return typeof item["in"] === "string" ? `${item["in"]}:${item["name"]}` : item["name"];
}

/** Makes the new value of another one. A difference that does not fit changes nothing. */
export function applyDifference(from: unknown, change: unknown): unknown {
  if (change === undefined) return from;
  if (!isJsonObject(change)) return renamed(change, plainName);
  if (Object.hasOwn(change, WHOLE)) return renamed(change[WHOLE], plainName);
  if (Array.isArray(from))
    return from.map((item: unknown) => applyDifference(item, member(change, quotedName(keyOf(item) ?? ""))));
  if (!isJsonObject(from)) return from;
  const changes = new Map(Object.entries(change).map(([name, own]) => [plainName(name), own]));
  const kept = Object.entries(from).flatMap(([name, value]) => {
    const own = changes.get(name);
    changes.delete(name);
    return own === null ? [] : [[name, applyDifference(value, own)] as const];
  });
  const added = [...changes].flatMap(([name, own]) => {
    const value = own === null ? undefined : applyDifference(undefined, own);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...kept, ...added]);
}
