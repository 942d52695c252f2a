/** A gap of a prompt (language chapter 7.3). */
const GAP = /\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g;

/** Returns the names of the gaps in a text of a prompt, each once. */
export function promptGaps(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(GAP), ([, name = ""]) => name))];
}

/** Fills the gaps of a text, once: what is put in is not looked at again. A gap without a value stays. */
export function fillGaps(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(GAP, (gap, name: string) => values.get(name) ?? gap);
}
