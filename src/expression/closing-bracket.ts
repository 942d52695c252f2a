/** The offset of the `]` that closes the `[` at `open`; quotes and nested brackets are skipped. */
export function closingBracket(text: string, open: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let position = open; position < text.length; position++) {
    const character = text[position] as string;
    if (quote !== undefined) {
      if (character === "\\") position++;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "[") depth++;
    else if (character === "]" && --depth === 0) return position;
  }
  return undefined;
}
