import type { SecretFields } from "./shared-reads.ts";

/**
 * Returns the value of a key as text, or `undefined` if there is none.
 *
 * @throws Error for a list, an object, or a number with too many digits
 */
export function fieldText(fields: SecretFields, key: string): string | undefined {
  const value = fields.get(key);
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return String(value);
    case "number":
      if (Number.isInteger(value) && !Number.isSafeInteger(value))
        throw new Error(`the number at ${key} has more digits than JSON keeps; write it in quotes`);
      return String(value);
    default:
      if (value === undefined || value === null) return undefined;
      throw new Error(`the value of ${key} is ${Array.isArray(value) ? "a list" : "an object"}, not a text`);
  }
}

/** Returns the own members of an object as fields. */
export function fieldsOf(object: object): SecretFields {
  return new Map(Object.entries(object));
}
