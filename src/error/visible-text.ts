/** Control characters other than line feed and tab: they could steer a terminal or forge a log line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** `text` with control characters written as escapes, safe to print on a terminal. */
export function visibleText(text: string): string {
  return text.replace(CONTROL, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value found, as a short quoted text for an error message. */
export function quoteValue(value: unknown, maxLength = 60): string {
  const text = toText(value);
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return visibleText(short);
}

function toText(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, member) => (typeof member === "bigint" ? String(member) : member)) ??
      String(value)
    );
  } catch {
    return "(a circular structure)";
  }
}
