import { stringify } from "../../../base/numbers/exact-json.ts";

/**
 * Writes a value as compact JSON, or returns `undefined` for an absent one. Numbers that a double cannot hold are written
 * with all their digits.
 *
 * @throws TypeError for a value that holds itself, RangeError for one nested too deep for the stack, or too long for a
 *   text
 */
export function jsonText(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const isTooLong = error.message.includes("string length");
    throw new RangeError(isTooLong ? "it would be too long" : "it nests too deeply", { cause: error });
  }
}
