import { JSON_NUMBER, type NumberForm, readNumber } from "../../base/numbers/exact-number.ts";
import { isNumber } from "../../base/numbers/json-number.ts";

/** Converts a value to a type where nothing is lost by it. Any other value is returned unchanged. */
type Convert = (value: unknown) => unknown;

/**
 * Returns the conversion to a declared type (language chapter 7.7): between texts, numbers and booleans.
 *
 * @param numbers form of numbers that a double cannot hold
 */
export function scalarConversion(type: string, numbers: NumberForm): Convert {
  switch (type) {
    case "string":
      return toText;
    case "number":
    case "integer":
      return value => (typeof value === "string" ? toNumber(value, numbers) : value);
    case "boolean":
      return value => (value === "true" || value === "false" ? value === "true" : value);
    default:
      return value => value;
  }
}

function toText(value: unknown): unknown {
  return typeof value === "boolean" || isNumber(value) ? String(value) : value;
}

function toNumber(text: string, numbers: NumberForm): unknown {
  if (!JSON_NUMBER.test(text)) return text;
  try {
    return readNumber(text, numbers);
  } catch {
    // It has too many digits for the form.
    return text;
  }
}
