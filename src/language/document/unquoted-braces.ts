import { isJsonObject } from "../../base/json-object.ts";

/** Advice for a text with braces that YAML reads as a map. */
export const QUOTE_BRACES = "YAML reads braces as a map, so a text with braces needs quotes";

/** Value of a member of a line, with a name in braces that are not quoted. */
const UNQUOTED = /[:[,-]\s{1,99}(?:[^"'{}[\],&*|>#\s][^"'{},#]{0,99})?\{{1,2}[^{}"':,]{0,99}\}{1,2}/;

/** Most characters on either side of a problem that are read. */
const MOST_AROUND = 300;

/** Tells whether a line holds a value with a name in braces and without quotes, around a column. */
export function hasUnquotedBraces(line: string, column: number): boolean {
  return UNQUOTED.test(line.slice(Math.max(0, column - MOST_AROUND), column + MOST_AROUND));
}

/** Tells whether a value is how YAML reads `{{name}}` or `{name}` without quotes: a map of one key without a value. */
export function isUnquotedBraces(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const [[, member] = [], ...others] = Object.entries(value);
  return member === null && others.length === 0;
}

/** Tells whether a value is how YAML reads `{{name}}` without quotes. Nobody means such a map. */
export function isUnquotedReference(value: unknown): boolean {
  if (!isUnquotedBraces(value)) return false;
  const [key = ""] = Object.keys(value as object);
  return key.startsWith("{ ") && key.endsWith(" }");
}
