import { quoteValue } from "../../base/visible-text.ts";
import { PageError } from "./scheme.ts";

/** The number that an input for a position was given as; a text may write it. */
export function wholeNumber(value: unknown, input: string): number {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw new PageError(
    `was asked for with ${quoteValue(value)} for input "${input}", which is no number to count from`,
  );
}
