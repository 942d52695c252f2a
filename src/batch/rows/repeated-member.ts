import { isObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";

/**
 * Returns the quoted name of a member that an object in a JSON text has twice, of which `JSON.parse` keeps the last one.
 *
 * @param text JSON that was parsed
 * @param value the value that it was parsed to
 */
export function repeatedMember(text: string, value: object): string | undefined {
  // Nearly every row: each colon belongs to a member, and none stands in a string.
  if (count(text, ":") === Object.keys(value).length) return undefined;
  return colonsBesideStrings(text) === membersOf(value) ? undefined : findRepeated(text);
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

function colonsBesideStrings(text: string): number {
  let colons = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isString = !isString;
    else if (code === BACKSLASH) at++;
    else if (code === COLON && !isString) colons++;
  }
  return colons;
}

/** Counts the members of all objects in a value. */
function membersOf(value: object): number {
  let members = 0;
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!Array.isArray(next)) members += Object.keys(next).length;
    for (const inner of Object.values(next)) if (isObject(inner)) open.push(inner);
  }
  return members;
}

/** Strings, with the colon after them if they are names, and brackets. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

function findRepeated(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string = "", colon] of text.matchAll(TOKENS)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) return quoteValue(name);
      names?.add(name);
    }
  }
  return undefined;
}
