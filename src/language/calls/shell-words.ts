/** Characters by the letter behind the backslash of `$'…'`. */
const ANSI_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  E: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Splits a command line into words, as a POSIX shell and bash do: quotes of both kinds, `$'…'`, backslashes and line
 * continuations. Nothing is expanded. A command that a browser copied for `cmd` of Windows is read too. It ends where
 * the shell would begin another command.
 *
 * @throws Error for a quote that is not closed
 */
export function shellWords(written: string): string[] {
  const text = /\^(?:\r?\n|")/.test(written) ? withoutCarets(written) : written;
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
    } else if (/[;|&<>]/.test(character)) {
      // A redirection or another command; `&` of an unquoted URL is one for the shell as well.
      break;
    } else if (character === "\\") {
      at += next === "\r" && text[at + 2] === "\n" ? 3 : 2;
      if (next !== "\n" && next !== "\r") word = (word ?? "") + next;
    } else if (character === "'" || (character === "$" && next === "'")) {
      const start = character === "$" ? at + 2 : at + 1;
      const end = character === "$" ? endOfAnsi(text, start) : text.indexOf("'", start);
      if (end < 0) throw new Error("a quote is not closed");
      const inner = text.slice(start, end);
      word = (word ?? "") + (character === "$" ? ansiText(inner) : inner);
      at = end + 1;
    } else if (character === '"' || (character === "$" && next === '"')) {
      const { inner, end } = doubleQuoted(text, character === "$" ? at + 2 : at + 1);
      word = (word ?? "") + inner;
      at = end;
    } else {
      word = (word ?? "") + character;
      at++;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function doubleQuoted(text: string, start: number): { readonly inner: string; readonly end: number } {
  let inner = "";
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') return { inner, end: at + 1 };
    const next = text[at + 1] ?? "";
    if (character === "\\" && /["\\$`\n]/.test(next)) {
      if (next !== "\n") inner += next;
      at++;
    } else inner += character;
  }
  throw new Error("a quote is not closed");
}

function endOfAnsi(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "'") return at;
  }
  return -1;
}

/** Replaces the escapes of `$'…'`. */
function ansiText(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|U([\da-f]{1,8})|([0-7]{1,3})|([\s\S]))/gi,
    (written, hex?: string, short?: string, long?: string, octal?: string, character?: string) => {
      const digits = hex ?? short ?? long;
      if (digits !== undefined) {
        const code = Number.parseInt(digits, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : written;
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return ANSI_ESCAPES[character ?? ""] ?? character ?? written;
    },
  );
}

/** Takes the carets of `cmd` away, which keep its characters from meaning something. */
function withoutCarets(text: string): string {
  // A caret and two line ends are one line end in a text; a caret and one continue the line.
  return text.replace(/\^(?:(\r?\n)\r?\n|\r?\n[ \t]*|([\s\S]))/g, (_, line?: string, character?: string) => {
    if (line !== undefined) return "\n";
    return character ?? " ";
  });
}
