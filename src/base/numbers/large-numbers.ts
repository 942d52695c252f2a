import { isInexact, JSON_NUMBER } from "./exact-number.ts";

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;
/** Characters beside a number that is a value. */
const SEPARATORS = new Set([..." \t\n\r[]{}:,"].map(character => character.charCodeAt(0)));

/** Least characters of digits and a point in a number that a double cannot hold, but for its exponent. */
const LONG_ROW = 16;
/** Least digits of an exponent beyond doubles. */
const LONG_EXPONENT = 3;

/**
 * Tells whether a JSON text may have a number that a double cannot hold. It decides whether `JSON.parse` may read the
 * text, so it looks at few of the bytes. A number inside a string counts if it looks like a value.
 *
 * @param bytes the text in an encoding that has ASCII
 */
export function mayHoldLargeNumber(bytes: Uint8Array): boolean {
  return holdsLongRow(bytes) || holdsLongExponent(bytes);
}

function holdsLongRow(bytes: Uint8Array): boolean {
  const { length } = bytes;
  for (let index = LONG_ROW - 1; index < length; index += LONG_ROW) {
    const code = bytes[index] as number;
    if (code > NINE || code < POINT) continue;
    let start = index;
    while (isRow(bytes[start - 1])) start--;
    let end = index + 1;
    while (isRow(bytes[end])) end++;
    if (end - start < LONG_ROW) continue;
    if (isLargeNumber(bytes, start, end)) return true;
    // The next row begins behind this one.
    index = end - 1;
  }
  return false;
}

function holdsLongExponent(bytes: Uint8Array): boolean {
  const { length } = bytes;
  for (let index = LONG_EXPONENT - 1; index < length; index += LONG_EXPONENT) {
    const code = bytes[index] as number;
    if (code > NINE || code < ZERO) continue;
    let start = index;
    while (isDigit(bytes[start - 1])) start--;
    let end = index + 1;
    while (isDigit(bytes[end])) end++;
    if (end - start >= LONG_EXPONENT && isExponent(bytes, start) && isLargeNumber(bytes, start, end)) return true;
    index = end - 1;
  }
  return false;
}

/** Tells whether the digits that begin at `start` follow the letter of an exponent. */
function isExponent(bytes: Uint8Array, start: number): boolean {
  return isLetter(bytes[start - (isSign(bytes[start - 1]) ? 2 : 1)]);
}

/** Tells whether the digits from `start` to `end` are a part of a value that a double cannot hold. */
function isLargeNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let first = start;
  if (isExponent(bytes, start)) {
    first -= isSign(bytes[start - 1]) ? 2 : 1;
    while (isRow(bytes[first - 1])) first--;
  }
  if (bytes[first - 1] === MINUS) first--;
  let last = end;
  if (isLetter(bytes[last])) {
    last++;
    if (isSign(bytes[last])) last++;
    while (isDigit(bytes[last])) last++;
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
function isRow(code: number | undefined): boolean {
  return code !== undefined && code <= NINE && code >= POINT;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code <= NINE && code >= ZERO;
}
