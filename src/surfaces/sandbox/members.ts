import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { isNumber } from "../../base/numbers/json-number.ts";

/** Returns a string, number or boolean as text, or `undefined` for any other value. */
export function plainText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "boolean" || isNumber(value) ? String(value) : undefined;
}

/** Returns the members that a body gives to an item: those of an object. Any other value becomes the member `value`. */
export function membersOf(body: unknown): JsonObject {
  if (body === undefined || body === null) return {};
  return isJsonObject(body) ? body : { value: body };
}

/**
 * Applies a merge patch (RFC 7396): `null` deletes a member, objects merge, any other value replaces. A member named
 * `__proto__` is left out: it would become the prototype of a copy made by assignment.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (name === "__proto__" || value === null) merged.delete(name);
    else if (isJsonObject(value)) {
      const before = merged.get(name);
      merged.set(name, mergePatch(isJsonObject(before) ? before : {}, value));
    } else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
