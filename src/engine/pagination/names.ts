/** A name without what APIs differ in: `next_cursor`, `nextCursor` and `Next-Cursor` are all `nextcursor`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** A member as a step of a JSONPath. */
export function pathStep(name: string): string {
  return /^[\w$-]+$/.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, "\\$&")}']`;
}

/** The set of the words of a text. */
export function names(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
