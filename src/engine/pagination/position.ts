import { ExactNumber } from "../../base/numbers/exact-number.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { PageError } from "./scheme.ts";

/** Length limit. A longer cursor would not fit into a request. */
const LONGEST_POSITION = 65_536;

/** Returns whether a value means that no page follows. */
export function isEmptyPosition(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === false;
}

/** Returns whether a value may be sent as a cursor. */
export function isCursor(value: unknown): value is string | number | bigint | ExactNumber {
  if (typeof value === "string") return value !== "" && value.length <= LONGEST_POSITION;
  return (
    typeof value === "bigint" || value instanceof ExactNumber || (typeof value === "number" && Number.isFinite(value))
  );
}

/** Returns whether a value is a URL, absolute or relative to that of the request. */
export function isUrl(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_POSITION && /^(?:https?:\/\/|\/|\?)/i.test(value);
}

/** Returns the number that an input for a position has, as a number or as text. */
export function positionNumber(value: unknown, input: string): number {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw new PageError(
    `was asked for with ${quoteValue(value)} for input "${input}", which is not a number to count from`,
  );
}
