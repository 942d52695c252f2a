import { DEFAULT_DECODE_LIMITS, DecodeLimitError, type DecodeLimits } from "../../base/decode-limits.ts";

/** Depth limit of JSON. `JSON.parse` has none, but functions that walk the value recurse. */
const MAX_JSON_DEPTH = 1_000;

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Length up to which values are not counted: they take little memory. Few answers are longer. */
const UNCOUNTED_LENGTH = 4 * 1024 * 1024;

/** Factor for the limit of values: those of JSON are small. */
const JSON_VALUES_PER_VALUE = 4;

/**
 * Checks a JSON text before it is parsed, so that a hostile one takes no memory. Only the few texts that are long or have
 * many brackets are walked.
 *
 * @throws RangeError for a text that nests too deeply, DecodeLimitError for one with too many values
 */
export function requireBounded(
  text: string,
  { maxValues }: Pick<DecodeLimits, "maxValues"> = DEFAULT_DECODE_LIMITS,
): void {
  // Every level takes two characters, and one of them opens it.
  if (text.length <= 2 * MAX_JSON_DEPTH) return;
  const most = maxValues * JSON_VALUES_PER_VALUE;
  if (text.length > UNCOUNTED_LENGTH && text.length > most) {
    walk(text, MAX_JSON_DEPTH, most);
    return;
  }
  const arrays = countUpTo(MAX_JSON_DEPTH, "[", text);
  if (arrays + countUpTo(MAX_JSON_DEPTH, "{", text) > MAX_JSON_DEPTH) requireShallow(text, MAX_JSON_DEPTH);
}

/** Counts a character in a text, up to one more than `most`. */
function countUpTo(most: number, character: string, text: string): number {
  let count = 0;
  for (let index = text.indexOf(character); index >= 0; index = text.indexOf(character, index + 1)) {
    if (++count > most) break;
  }
  return count;
}

/** @throws RangeError for JSON that nests more than `maxDepth` levels */
export function requireShallow(text: string, maxDepth: number): void {
  walk(text, maxDepth, Number.POSITIVE_INFINITY);
}

function walk(text: string, maxDepth: number, mostValues: number): void {
  let depth = 0;
  let values = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = closingQuote(text, index);
      if (index < 0) return;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > maxDepth) throw new RangeError(`it nests more than ${maxDepth} levels`);
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth--;
    } else if (code === COMMA && ++values > mostValues) {
      throw new DecodeLimitError("maxResponseValues", mostValues);
    }
  }
}

/** Returns the end of the string that begins at a quote, or -1 if it has none. */
function closingQuote(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote >= 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}
