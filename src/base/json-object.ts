import { ExactNumber } from "./numbers/exact-number.ts";

/** A JSON object whose members are its own. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells objects and lists from scalars, of which one is a number that is kept by its text. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}

/** Tells an object from lists and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value) && !Array.isArray(value);
}

/** Returns an object, an empty one in place of any other value. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Returns the objects of a list, and none of what is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Returns a member of the object itself, never of its prototype. */
export function member<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
