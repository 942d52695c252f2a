/**
 * Returns the offset of the bracket that closes the one at `open`. Quotes and nested brackets of its kind are skipped.
 */
export function closingBracket(text: string, open: number, pair: "[]" | "()" = "[]"): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let position = open; position < text.length; position++) {
    const character = text[position] as string;
    if (quote !== undefined) {
      if (character === "\\") position++;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === pair[0]) depth++;
    else if (character === pair[1] && --depth === 0) return position;
  }
  return undefined;
}
