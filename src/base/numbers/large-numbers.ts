import { isInexact, JSON_NUMBER, type NumberForm } from "./exact-number.ts";

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;
/** Characters beside a number that is a value. */
const SEPARATORS = new Set([..." \t\n\r[]{}:,"].map(character => character.charCodeAt(0)));

/** Least characters of digits and a point in a number that a double cannot hold, but for its exponent. */
const LONG_ROW = 16;
/** A number with an exponent that may be beyond doubles. An expression finds it in half the time of a loop over bytes. */
const LONG_EXPONENT = /\d[eE][-+]?\d{3,}(?=[\s,\]}]|$)/;

/**
 * Tells whether a JSON text may have a number that a double cannot hold. It decides whether `JSON.parse` may read the
 * text, so it looks at few characters. A number inside a string counts if it looks like a value.
 *
 * @param bytes the text in an encoding that has ASCII
 * @param form in other forms than `exact`, a fraction is a double whatever its digits
 */
export function mayHoldLargeNumber(text: string, bytes: Uint8Array, form: NumberForm): boolean {
  return holdsLongRow(bytes, form === "exact") || LONG_EXPONENT.test(text);
}

function holdsLongRow(bytes: Uint8Array, isExact: boolean): boolean {
  const { length } = bytes;
  for (let index = LONG_ROW - 1; index < length; index += LONG_ROW) {
    const code = bytes[index] as number;
    if (code > NINE || code < POINT) continue;
    // A long row reaches eight characters to one side at least.
    if (index + 8 < length && !isRowTo(bytes, index, -4) && !isRowTo(bytes, index, 4)) continue;
    let start = index;
    while (start > 0 && isRow(bytes[start - 1] as number)) start--;
    let end = index + 1;
    while (end < length && isRow(bytes[end] as number)) end++;
    if (end - start < LONG_ROW) continue;
    if ((isExact || !isFraction(bytes, start, end)) && isLargeNumber(bytes, start, end)) return true;
    // The next row begins behind this one.
    index = end - 1;
  }
  return false;
}

/** Tells whether a row may reach eight characters to one side: those at one and two steps from it are of a row too. */
function isRowTo(bytes: Uint8Array, index: number, step: number): boolean {
  return isRow(bytes[index + step] as number) && isRow(bytes[index + 2 * step] as number);
}

/** Tells whether a row ends with a digit behind a point that is not 0, and no exponent follows. */
function isFraction(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] === ZERO || (end < bytes.length && isLetter(bytes[end]))) return false;
  for (let index = start; index < end; index++) if (bytes[index] === POINT) return true;
  return false;
}

/** Tells whether the digits from `start` to `end` are a part of a value that a double cannot hold. */
function isLargeNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start - 1] === MINUS ? start - 1 : start;
  let last = end;
  if (isLetter(bytes[last])) {
    last++;
    if (isSign(bytes[last])) last++;
    while (last < bytes.length && isDigit(bytes[last] as number)) last++;
  }
  if (!isSeparator(bytes[first - 1]) || !isSeparator(bytes[last])) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + first, last - first).toString("latin1");
  return JSON_NUMBER.test(text) && isInexact(text);
}

function isSeparator(code: number | undefined): boolean {
  return code === undefined || SEPARATORS.has(code);
}

function isLetter(code: number | undefined): boolean {
  return code === 69 || code === 101;
}

function isSign(code: number | undefined): boolean {
  return code === PLUS || code === MINUS;
}

/** Digits and points, and the slash that stands between them in ASCII. */
function isRow(code: number): boolean {
  return code <= NINE && code >= POINT;
}

function isDigit(code: number): boolean {
  return code <= NINE && code >= ZERO;
}
