import { getOrSet } from "../../base/get-or-set.ts";

/** Places to find, by their names: those that are members of one object stand together. */
interface Wanted {
  readonly members: Map<string, Wanted>;
  /** Set when the place is found. */
  offset: number | undefined;
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Finds where the values of a JSON text begin, all in one pass over it. It knows nothing but brackets and strings, so that
 * it takes the time of reading the text.
 *
 * @param paths names and indexes that lead to the values
 * @returns by the order of `paths`, the offset of each value, or of the last on its way
 */
export function jsonOffsets(text: string, paths: readonly (readonly string[])[]): number[] {
  const root: Wanted = { members: new Map(), offset: undefined };
  for (const path of paths) {
    let wanted = root;
    for (const name of path) wanted = getOrSet(wanted.members, name, () => ({ members: new Map(), offset: undefined }));
  }
  new Scanner(text).value(root);
  return paths.map(path => offsetOf(root, path));
}

function offsetOf(root: Wanted, path: readonly string[]): number {
  let offset = root.offset ?? 0;
  let wanted: Wanted | undefined = root;
  for (const name of path) {
    wanted = wanted.members.get(name);
    if (wanted?.offset === undefined) break;
    offset = wanted.offset;
  }
  return offset;
}

/** The signs that a value may end at, or that begin a part of it. The engine finds them sooner than a loop does. */
const PUNCTUATION = /["{}[\],]/g;

/** Returns the offset of the quote that ends a string, or the length of the text. */
function closingQuote(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let backslashes = close;
    while (text.charCodeAt(backslashes - 1) === BACKSLASH) backslashes--;
    if ((close - backslashes) % 2 === 0) return close;
  }
  return text.length;
}

class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads a value. It recurses where a place is wanted alone, so no deeper than these. */
  value(wanted: Wanted): void {
    this.#skipBlanks();
    wanted.offset ??= this.#position;
    const code = this.#text.charCodeAt(this.#position);
    if (wanted.members.size === 0 || (code !== OPEN_OBJECT && code !== OPEN_LIST)) this.#skipValue();
    else this.#members(wanted, code === OPEN_LIST);
  }

  #members(wanted: Wanted, isList: boolean): void {
    this.#position++;
    for (let index = 0; ; index++) {
      this.#skipBlanks();
      const code = this.#text.charCodeAt(this.#position);
      if (Number.isNaN(code) || code === CLOSE_LIST || code === CLOSE_OBJECT) break;
      const name = isList ? String(index) : this.#name();
      const member = wanted.members.get(name);
      if (member === undefined) this.#skipValue();
      else this.value(member);
      this.#skipBlanks();
      if (this.#text.charCodeAt(this.#position) !== COMMA) break;
      this.#position++;
    }
    this.#position++;
  }

  /** Reads the name of a member, and the colon behind it. */
  #name(): string {
    const start = this.#position;
    this.#skipString();
    const written = this.#text.slice(start, this.#position);
    const colon = this.#text.indexOf(":", this.#position);
    this.#position = colon < 0 ? this.#text.length : colon + 1;
    try {
      return String(JSON.parse(written));
    } catch {
      return written;
    }
  }

  /** Goes behind the current value. */
  #skipValue(): void {
    const text = this.#text;
    let depth = 0;
    PUNCTUATION.lastIndex = this.#position;
    for (let match = PUNCTUATION.exec(text); match !== null; match = PUNCTUATION.exec(text)) {
      const { index } = match;
      const code = text.charCodeAt(index);
      if (code === QUOTE) PUNCTUATION.lastIndex = closingQuote(text, index) + 1;
      else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
      else if (depth === 0) {
        this.#position = index;
        return;
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
    }
    this.#position = text.length;
  }

  #skipString(): void {
    this.#position = closingQuote(this.#text, this.#position) + 1;
  }

  #skipBlanks(): void {
    while (this.#text.charCodeAt(this.#position) <= 32) this.#position++;
  }
}
