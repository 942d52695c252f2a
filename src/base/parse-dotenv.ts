/** Characters of a name. */
const NAME = /[\w.-]+/y;
const SPACE = /\s*/y;
/** White space up to the end of a line, or a comment. */
const REST_OF_LINE = /[^\S\n]*(?:$|\n|#)/y;
const EXPORT = /export\s+(?=[\w.-])/y;
const QUOTES = new Set(["'", '"', "`"]);

/**
 * Reads the variables of a `.env` file as the package `dotenv` does: `NAME=value` and `NAME: value`, also behind
 * `export`; values in quotes of three kinds, over several lines too; `\n` and `\r` in double quotes; comments. A
 * backslash keeps a quote from ending the value, and stays. Lines of another form are skipped. The last value of a name
 * counts. Each character is read a few times at most, which the package's own expression does not promise.
 */
export function parseDotenv(written: string): ReadonlyMap<string, string> {
  const text = written.replace(/\r\n?/g, "\n");
  const variables = new Map<string, string>();
  let position = 0;
  for (;;) {
    position = end(SPACE, text, position);
    if (position >= text.length) return variables;
    const start = end(EXPORT, text, position);
    const nameEnd = end(NAME, text, start);
    const valueStart = nameEnd === start ? -1 : behindSeparator(text, nameEnd);
    if (valueStart < 0) {
      // The word itself may be on a line of its own.
      position = lineEnd(text, start === position ? nameEnd : position + "export".length);
      continue;
    }
    const value = quotedValue(text, valueStart) ?? plainValue(text, valueStart);
    variables.set(text.slice(start, nameEnd), value.text);
    position = value.end;
  }
}

/** Returns the offset behind the `=` or `: ` that follows a name, or -1. */
function behindSeparator(text: string, nameEnd: number): number {
  if (text[nameEnd] === ":" && /\s/.test(text[nameEnd + 1] ?? "")) return nameEnd + 2;
  const equals = end(SPACE, text, nameEnd);
  return text[equals] === "=" ? equals + 1 : -1;
}

interface Value {
  readonly text: string;
  readonly end: number;
}

/** Reads a value in quotes, which ends at the last quote before one that is not escaped, with nothing behind it. */
function quotedValue(text: string, from: number): Value | undefined {
  const start = end(SPACE, text, from);
  const quote = text[start] ?? "";
  if (!QUOTES.has(quote)) return undefined;
  let close = -1;
  for (let found = text.indexOf(quote, start + 1); found >= 0; found = text.indexOf(quote, found + 1)) {
    REST_OF_LINE.lastIndex = found + 1;
    if (REST_OF_LINE.test(text)) close = found;
    if (text[found - 1] !== "\\") break;
  }
  if (close < 0) return undefined;
  const inner = text.slice(start + 1, close);
  return { text: quote === '"' ? withLineBreaks(inner) : inner, end: lineEnd(text, close) };
}

/** Reads a value up to the end of its line or a `#`. */
function plainValue(text: string, start: number): Value {
  const lineEndsAt = lineEnd(text, start);
  const line = text.slice(start, lineEndsAt);
  const comment = line.indexOf("#");
  const trimmed = (comment < 0 ? line : line.slice(0, comment)).trim();
  const quote = trimmed[0] ?? "";
  const isQuoted = trimmed.length > 1 && QUOTES.has(quote) && trimmed.endsWith(quote);
  const value = isQuoted ? trimmed.slice(1, -1) : trimmed;
  return { text: quote === '"' ? withLineBreaks(value) : value, end: lineEndsAt };
}

function withLineBreaks(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll("\\r", "\r");
}

function end(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function lineEnd(text: string, start: number): number {
  const found = text.indexOf("\n", start);
  return found < 0 ? text.length : found;
}
