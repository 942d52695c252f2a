/**
 * A number by its text, because a double would be another number, or would be written in another way: `1e400`,
 * `12345678901234567890.10`, `2.10`.
 */
export class ExactNumber {
  readonly #text: string;
  readonly #json: string;
  #double: number | undefined;

  /**
   * @param text the number as it was written
   * @param json the number as JSON has it
   */
  constructor(text: string, json: string = text) {
    this.#text = text;
    this.#json = json;
  }

  /** Returns the number as JSON has it. */
  get json(): string {
    return this.#json;
  }

  /** Returns the number as it was written. */
  toString(): string {
    return this.#text;
  }

  /** Returns the nearest double, by which exact numbers are compared. It is read once: the text may be long. */
  valueOf(): number {
    this.#double ??= Number(this.#json);
    return this.#double;
  }

  /** Refuses to be rounded by `JSON.stringify`, as a `bigint` does; `stringify` writes both. */
  toJSON(): never {
    throw new TypeError("Do not know how to serialize an ExactNumber, nor a BigInt: stringify() does");
  }
}

/**
 * Form of numbers that a double cannot hold. `bigint`: integers are of that type, other numbers the nearest double.
 * `string`: integers are texts. `exact`: integers are of type `bigint`, other numbers are an {@link ExactNumber}.
 * `written`: so is every number that would be written in another way, such as `1.10`.
 */
export type NumberForm = "bigint" | "string" | "exact" | "written";

/** Most digits of an integer that is written with an exponent: a few characters would fill the memory. */
const MOST_EXPANDED = 1_000;
/** Most digits of an integer that a program gets: turning more into a `bigint` takes long. */
const MOST_DIGITS = 10_000;
/** Most digits of an integer that may stay a text: a body full of longer ones takes long to turn and to turn back. */
const MOST_DIGITS_TURNED = 1_000;

/** A number of JSON (RFC 8259, 6). */
export const JSON_NUMBER: RegExp = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

const PLAIN_INTEGER = /^-?\d+$/;

/**
 * Returns the value of a JSON number.
 *
 * @param spend receives the digits that an exponent adds
 * @throws Error for a number that the form cannot hold. The message continues "the number …"
 */
export function readNumber(text: string, form: NumberForm, spend?: (digits: number) => void): unknown {
  const value = Number(text);
  if (!isChanged(text, form, value)) return value;
  const isPlain = PLAIN_INTEGER.test(text) && text !== "-0";
  if (form === "exact" || form === "written")
    return isPlain && text.length <= MOST_DIGITS_TURNED ? BigInt(text) : new ExactNumber(text);
  const digits = isPlain ? text : integerDigits(text, spend);
  if (digits === undefined && Number.isFinite(value)) return value;
  if (form === "string") return text;
  if (digits === undefined || digits.length > MOST_DIGITS) throw new Error("is too large for a number of JavaScript");
  return BigInt(digits);
}

/** Tells whether a JSON number has another value than a double in a form of numbers. */
export function isChanged(text: string, form: NumberForm, value: number = Number(text)): boolean {
  return form === "written" ? text !== String(value) || isInexact(text, value) : isInexact(text, value);
}

/** Tells whether a JSON number is another number as a double. */
export function isInexact(text: string, value: number = Number(text)): boolean {
  if (PLAIN_INTEGER.test(text)) return !Number.isSafeInteger(value);
  if (!Number.isFinite(value)) return true;
  // The shortest text of a double, as most programs write it.
  if (text === String(value)) return false;
  // Every decimal of 15 digits has a double of its own.
  if (text.length <= 15 && value !== 0) return false;
  return decimal(text) !== decimal(String(value));
}

/** Returns the digits of a number without zeros at either end, and its exponent: equal for equal numbers. */
export function decimal(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.slice(sign.length).split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = withoutZeros(digits);
  if (kept === "") return "0";
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Removes the zeros at the end. A regular expression would try each zero of a long row. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}

/**
 * Returns the digits of an integer that may be written with a point or an exponent, `undefined` for any other number and
 * for an integer of more than 1,000 digits.
 */
export function integerDigits(text: string, spend?: (digits: number) => void): string | undefined {
  if (PLAIN_INTEGER.test(text)) return text.length > MOST_DIGITS ? undefined : text;
  const [digits = "", exponent = "0"] = decimal(text).split("e");
  const zeros = Number(exponent);
  if (zeros < 0 || digits.length + zeros > MOST_EXPANDED) return undefined;
  spend?.(zeros);
  return digits + "0".repeat(zeros);
}
