import { quoteValue } from "../../base/visible-text.ts";
import { PageError } from "./scheme.ts";

/** Longer ones are no cursors: they would not fit into a request. */
const LONGEST_POSITION = 65_536;

/** Tells whether an API says by a value that there is no next page. */
export function isEmptyPosition(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false;
}

/** Tells whether a value may be sent as a cursor. */
export function isCursor(value: unknown): value is string | number | bigint {
  if (typeof value === "string") return value !== "" && value.length <= LONGEST_POSITION;
  return typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
}

/** Tells whether a value is a URL, whole or relative to the one that was asked for. */
export function isUrl(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= LONGEST_POSITION && /^(?:https?:\/\/|\/|\?)/i.test(value)
  );
}

/** The number that an input for a position was given as; a text may write it. */
export function wholeNumber(value: unknown, input: string): number {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw new PageError(
    `was asked for with ${quoteValue(value)} for input "${input}", which is no number to count from`,
  );
}
