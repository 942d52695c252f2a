import { isObject } from "../../base/json-object.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";

/** Makes the error for a value that cannot be sent. `problem` continues `input "x" …`. */
export type InvalidValue = (problem: string) => Error;

/** Returns the text of a string, number or boolean. */
export function scalarText(value: unknown, invalid: InvalidValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw invalid(`cannot be sent: it is ${value}`);
      return String(value);
    case "boolean":
    case "bigint":
      return String(value);
    default:
      if (value instanceof ExactNumber) return String(value);
      throw invalid(`cannot be written as text: it holds ${kindOf(value)}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

/**
 * Returns the items of an array joined by commas, the members of an object as names and values, and a scalar as itself
 * (language chapter 5.4, paths and headers). An absent item, or the member of an absent value, is left out (RFC 6570,
 * 2.3).
 *
 * @param encode encodes each item and name for its place; commas between them stay
 * @returns `undefined` for an array or object with nothing in it
 */
export function commaText(value: unknown, invalid: InvalidValue, encode: (text: string) => string): string | undefined {
  if (!isObject(value)) return encode(scalarText(value, invalid));
  const items = Array.isArray(value)
    ? (value as readonly unknown[]).filter(isPresent)
    : Object.entries(value)
        .filter(([, member]) => isPresent(member))
        .flat();
  return items.length === 0 ? undefined : items.map(item => encode(scalarText(item, invalid))).join(",");
}

/** Tells whether an item or member is there: `null` has no form in a URL or a header. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Percent-encodes everything but unreserved characters (RFC 3986, 2.3) and `!'()*`. */
export function percentEncode(text: string, invalid?: InvalidValue): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate is not a character: no UTF-8 exists for it.
    if (invalid === undefined) return encodeURIComponent(text.toWellFormed());
    throw invalid("holds half of a surrogate pair, which has no UTF-8 form");
  }
}
