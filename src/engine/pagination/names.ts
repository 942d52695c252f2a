/** Returns a name without its spelling: `next_cursor`, `nextCursor` and `Next-Cursor` become `nextcursor`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Returns a member as a step of a JSONPath. */
export function pathStep(name: string): string {
  return /^[\w$-]+$/.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, "\\$&")}']`;
}

/** Returns the set of the words of a text. */
export function names(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
