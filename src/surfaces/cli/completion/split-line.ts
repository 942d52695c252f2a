/** A word of a command line. */
export interface TypedWord {
  /** As written. */
  readonly raw: string;
  /** Without quotes. */
  readonly text: string;
  /** The quote that is open at its end. */
  readonly quote: "" | "'" | '"';
}

/** Splits a command line at its spaces, as a POSIX shell does. The last word is the one at the end, empty behind a space. */
export function splitLine(line: string): TypedWord[] {
  const words: TypedWord[] = [];
  let start = 0;
  let text = "";
  let quote: TypedWord["quote"] = "";
  for (let at = 0; at <= line.length; at++) {
    const character = line[at];
    if (character === undefined || (quote === "" && /[ \t\n]/.test(character))) {
      if (at > start || character === undefined) words.push({ raw: line.slice(start, at), text, quote });
      start = at + 1;
      text = "";
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
    } else if (character === quote) {
      quote = "";
    } else if (character === "\\" && escapes(quote, line[at + 1])) {
      at++;
      text += line[at];
    } else {
      text += character;
    }
  }
  return words;
}

/** Tells whether a backslash takes the next character as it is. */
function escapes(quote: TypedWord["quote"], next: string | undefined): boolean {
  if (next === undefined || quote === "'") return false;
  return quote === "" || '"\\$`'.includes(next);
}
