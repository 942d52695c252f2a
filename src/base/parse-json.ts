import { LargeNumberError, parseExact, placeOf } from "./numbers/exact-json.ts";
import type { NumberForm } from "./numbers/exact-number.ts";

type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  /** `reason` says what is wrong, and at which line and column. */
  | { readonly ok: false; readonly reason: string };

/**
 * Parses JSON. `reason` tells the line and column of an error, and the character there.
 *
 * @param numbers form of numbers that a double cannot hold; without it they are rounded
 */
export function parseJson(text: string, numbers?: NumberForm): JsonResult {
  try {
    return { ok: true, value: numbers === undefined ? JSON.parse(text) : parseExact(text, numbers) };
  } catch (error) {
    if (error instanceof LargeNumberError) return { ok: false, reason: error.message };
    const { message } = error as Error;
    return {
      ok: false,
      // Looking for the place takes many times as long, and few callers tell it.
      get reason() {
        return locateError(text, message);
      },
    };
  }
}

/**
 * Describes where a text stops being JSON. V8 names an offset in most messages, but not if the text ends too early. Its
 * message also quotes the whole text, which may hold a secret: only the place and the character there are kept.
 */
function locateError(text: string, message: string): string {
  if (text.trim() === "") return "it is empty";
  const offset = namedOffset(message) ?? firstErrorOffset(text, message);
  if (offset === undefined) return "it is malformed";
  const found = text.codePointAt(offset);
  const problem = found === undefined ? "the text ends" : `unexpected ${JSON.stringify(String.fromCodePoint(found))}`;
  return `${problem} ${placeOf(text, offset)}`;
}

/** Returns the offset at the end of a message. The text that the message quotes stands before, and may say anything. */
function namedOffset(message: string): number | undefined {
  const offset = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return offset === undefined ? undefined : Number(offset);
}

/** Longest text, in characters, that is parsed again and again to find a mistake. */
const LONGEST_SEARCHED = 256 * 1024;

/**
 * Finds the offset of an error for which V8 names none: the end of the shortest prefix that is wrong whatever may
 * follow. Longer prefixes are wrong too, so the search halves the range.
 */
function firstErrorOffset(text: string, message: string): number | undefined {
  if (message.startsWith("Unexpected end")) return text.length;
  if (text.length > LONGEST_SEARCHED) return undefined;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isHopeless(text.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isHopeless(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return false;
  } catch (error) {
    const { message } = error as Error;
    const offset = namedOffset(message);
    return offset === undefined ? !message.startsWith("Unexpected end") : offset < prefix.length;
  }
}
