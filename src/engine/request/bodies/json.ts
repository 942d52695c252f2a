import { isObject } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";

/** A value holds NaN or an infinite number. */
export class NonFiniteError extends TypeError {}

/**
 * Writes a value as compact JSON, or returns `undefined` for an absent one. Numbers that a double cannot hold are written
 * with all their digits.
 *
 * @throws TypeError for a value that holds itself, NonFiniteError for one that holds NaN or an infinite number, RangeError for one nested too deep for the stack, or too long for a
 *   text
 */
export function jsonText(value: unknown): string | undefined {
  try {
    const text = stringify(value);
    // JSON.stringify writes null for them, and says nothing.
    const place = text?.includes("null") ? nonFinitePlace(value) : undefined;
    if (place !== undefined) throw new NonFiniteError(`it holds ${place}, which JSON cannot`);
    return text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const isTooLong = error.message.includes("string length");
    throw new RangeError(isTooLong ? "it would be too long" : "it nests too deeply", { cause: error });
  }
}

/** Finds a number that is none or infinite: `NaN at a.b`. */
export function nonFinitePlace(value: unknown, path = ""): string | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : `${value}${path && ` at ${path.slice(1)}`}`;
  if (!isObject(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = nonFinitePlace(member, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
