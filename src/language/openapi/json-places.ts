import { getOrSet } from "../../base/get-or-set.ts";

/** Where a value begins in a text. */
interface Place {
  readonly offset: number;
  /** Index of its line. */
  readonly line: number;
  readonly lineStart: number;
}

/** A place to find, and those of the members of its value. */
interface Wanted {
  readonly members: Map<string, Wanted>;
  /** Set when the place is found. */
  place: Place | undefined;
}

const LINE_FEED = 10;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Finds where values of a JSON text begin, all in one pass over it. It knows nothing but brackets and strings, so that it
 * takes the time of reading the text, as far as the last of them.
 *
 * @param paths names and indexes that lead to the values
 * @returns by the order of `paths`, the place of each value, or of the last on its way
 */
export function jsonPlaces(text: string, paths: readonly (readonly string[])[]): Place[] {
  const root: Wanted = { members: new Map(), place: undefined };
  let count = 1;
  for (const path of paths) {
    let wanted = root;
    for (const name of path)
      wanted = getOrSet(wanted.members, name, () => {
        count++;
        return { members: new Map(), place: undefined };
      });
  }
  new Scanner(text, count).value(root);
  return paths.map(path => placeOf(root, path));
}

function placeOf(root: Wanted, path: readonly string[]): Place {
  let { place } = root;
  let wanted: Wanted | undefined = root;
  for (const name of path) {
    wanted = wanted.members.get(name);
    if (wanted?.place === undefined) break;
    place = wanted.place;
  }
  return place ?? { offset: 0, line: 0, lineStart: 0 };
}

class Scanner {
  readonly #text: string;
  #position = 0;
  #line = 0;
  #lineStart = 0;
  /** Number of places that are not found yet. */
  #left: number;

  constructor(text: string, left: number) {
    this.#text = text;
    this.#left = left;
  }

  /** Reads a value. It recurses where a place is wanted alone, so no deeper than these. */
  value(wanted: Wanted): void {
    this.#skipBlanks();
    if (wanted.place === undefined) this.#left--;
    wanted.place ??= { offset: this.#position, line: this.#line, lineStart: this.#lineStart };
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
      if (this.#left === 0) return;
      this.#skipBlanks();
      if (this.#text.charCodeAt(this.#position) !== COMMA) break;
      this.#position++;
    }
    this.#position++;
  }

  /** Reads the name of a member, and the colon behind it. */
  #name(): string {
    const start = this.#position;
    this.#position = closingQuote(this.#text, start) + 1;
    const written = this.#text.slice(start, this.#position);
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#position) === COLON) this.#position++;
    try {
      return String(JSON.parse(written));
    } catch {
      return written;
    }
  }

  /** Goes to the sign behind the current value. */
  #skipValue(): void {
    const text = this.#text;
    const { length } = text;
    let position = this.#position;
    let line = this.#line;
    let lineStart = this.#lineStart;
    let depth = 0;
    for (; position < length; position++) {
      const code = text.charCodeAt(position);
      // Most signs outside of texts are spaces.
      if (code === SPACE) continue;
      if (code === QUOTE) position = closingQuote(text, position);
      else if (code === LINE_FEED) {
        line++;
        lineStart = position + 1;
      } else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        if (depth === 0) break;
        depth--;
      } else if (code === COMMA && depth === 0) break;
    }
    this.#position = Math.min(position, length);
    this.#line = line;
    this.#lineStart = lineStart;
  }

  #skipBlanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (!(code <= SPACE)) return;
      this.#position++;
      if (code !== LINE_FEED) continue;
      this.#line++;
      this.#lineStart = this.#position;
    }
  }
}

/** Returns the offset of the quote that ends a string, or the length of the text. The engine finds it sooner than a loop. */
function closingQuote(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let backslashes = close;
    while (text.charCodeAt(backslashes - 1) === BACKSLASH) backslashes--;
    if ((close - backslashes) % 2 === 0) return close;
  }
  return text.length;
}
