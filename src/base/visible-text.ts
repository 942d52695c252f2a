import { stringify } from "./numbers/exact-json.ts";
/**
 * Characters that steer a terminal, reorder what is read, or cannot be seen: controls other than line feed and tab, line
 * and paragraph separators, bidirectional controls, and those without width. Joiners and variation selectors stay: emoji
 * and several scripts are written with them.
 */
export const HOSTILE: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;

const EVERY_HOSTILE = new RegExp(HOSTILE.source, "gu");

/** Tells whether {@link visibleText} changes a text, besides its line breaks. */
export function isHostile(text: string): boolean {
  return HOSTILE.test(text);
}

/**
 * Returns `text` with an escape for every character that a terminal acts on or that cannot be seen. Line feeds and tabs
 * stay; CR LF becomes a line feed. JSON stays the same JSON.
 */
export function visibleText(text: string): string {
  return replaceHostile(text.replaceAll("\r\n", "\n"), escapeCharacter);
}

/** Returns the text of {@link visibleText} in one line: line breaks are escapes too. */
export function visibleLine(text: string): string {
  return replaceHostile(text, escapeCharacter).replaceAll("\n", "\\n");
}

/** Returns the lines of {@link visibleLine} of texts. Where no text has anything to escape, they are tested at once. */
export function visibleLines(texts: readonly string[]): readonly string[] {
  const all = texts.join("");
  return all.includes("\n") || isHostile(all) ? texts.map(visibleLine) : texts;
}

/** Replaces the hostile characters of a text by what `write` returns for them. */
export function replaceHostile(text: string, write: (character: string) => string): string {
  return text.replace(EVERY_HOSTILE, write);
}

/** Escapes the UTF-16 code units of a character, as JSON does. */
function escapeCharacter(character: string): string {
  return character
    .split("")
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** Quotes a value in short for an error message. */
export function quoteValue(value: unknown, maxLength = 60): string {
  const text = toText(value);
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return visibleText(short);
}

function toText(value: unknown): string {
  try {
    return stringify(value) ?? String(value);
  } catch {
    return "(a circular structure)";
  }
}
