import { ExactNumber, integerDigits } from "./exact-number.ts";

/** A number in one of the forms that JSON is read in. */
export type JsonNumber = number | bigint | ExactNumber;

/** Tells whether a value is a number. */
export function isNumber(value: unknown): value is JsonNumber {
  return typeof value === "number" || typeof value === "bigint" || value instanceof ExactNumber;
}

/** Tells whether a value is an integer, in whatever way it is written. */
export function isInteger(value: unknown): boolean {
  if (value instanceof ExactNumber) return integerDigits(value.json) !== undefined;
  return typeof value === "bigint" || Number.isInteger(value);
}
