/**
 * Returns a text for people with line feeds, without spaces around it and at the ends of its lines: such a text is
 * written as a block. `undefined` if there is none.
 */
export function importedText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  let text = value.trim();
  if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
  if (text.includes(" \n") || text.includes("\t\n"))
    text = text
      .split("\n")
      .map(line => line.trimEnd())
      .join("\n");
  return text === "" ? undefined : text;
}
