const SPACE = 32;

/**
 * Folds the lines of a plain or quoted scalar (YAML 1.2, 6.5): a line break becomes a space, an empty line a line feed;
 * spaces around breaks go.
 */
export function foldLines(raw: string): string {
  const lines = raw.split("\n");
  let text = trimSpacesEnd(lines[0] ?? "");
  let empty = 0;
  for (let index = 1; index < lines.length; index++) {
    const last = index === lines.length - 1;
    const content = trimSpacesStart(lines[index] as string);
    const line = last ? content : trimSpacesEnd(content);
    if (line === "" && !last) {
      empty++;
      continue;
    }
    text += empty > 0 ? "\n".repeat(empty) : " ";
    text += line;
    empty = 0;
  }
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
};

/**
 * Unescapes the text between double quotes (YAML 1.2, 5.7) that is on one line, or has escaped breaks, as in programs
 * that wrap long lines.
 *
 * @returns `undefined` for any other text
 */
export function unescapeDoubleQuoted(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw.includes("\n") ? foldLines(raw) : raw;
  // An escaped break joins two lines; spaces that belong to the text are themselves escaped.
  const joined = raw.replace(/((?:^|[^\\])(?:\\\\)*)\\\n[ ]*/g, "$1");
  // Escaped spaces next to a break that is not escaped: rare, and easy to get wrong.
  if (joined.includes("\n")) return undefined;
  let known = true;
  const text = joined.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (_, x?: string, u?: string, U?: string, character?: string) => {
      const hex = x ?? u ?? U;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
      }
      const plain = character === undefined ? undefined : ESCAPES[character];
      if (plain === undefined) known = false;
      return plain ?? "";
    },
  );
  return known ? text : undefined;
}

/** Removes spaces at the end of a text. `trimEnd` would also remove characters that are content in YAML (U+00A0). */
export function trimSpacesEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Removes spaces at the start of a text. */
export function trimSpacesStart(text: string): string {
  let start = 0;
  while (text.charCodeAt(start) === SPACE) start++;
  return start === 0 ? text : text.slice(start);
}
