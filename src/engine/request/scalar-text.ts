/** Makes the error for a value that cannot be sent. `problem` continues `input "x" …`. */
export type InvalidValue = (problem: string) => Error;

/** Returns the text of a string, number or boolean. */
export function scalarText(value: unknown, invalid: InvalidValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
      throw invalid(`cannot be written as text: it is ${value === null ? "null" : `of type ${typeof value}`}`);
  }
}

/**
 * Returns the items of an array joined by commas, the members of an object as names and values, and a scalar as itself
 * (language chapter 5.4, paths and headers).
 */
export function commaText(value: unknown, invalid: InvalidValue): string {
  if (typeof value !== "object" || value === null) return scalarText(value, invalid);
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.entries(value).flat();
  return items.map(item => scalarText(item, invalid)).join(",");
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
