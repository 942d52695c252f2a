import { ExactNumber, type NumberForm } from "../../base/numbers/exact-number.ts";
import { foldLines, trimSpacesEnd, trimSpacesStart, unescapeDoubleQuoted } from "./quoted-scalar.ts";
import { resolvePlainScalar } from "./resolve-plain-scalar.ts";
import { MAX_YAML_DEPTH } from "./shallow-tokens.ts";

/** Offsets of the members of each collection: by name or index, those of the name and of the value. */
export type MemberOffsets = Map<object, Map<string, { readonly key: number; readonly value: number }>>;

interface BlockYamlOptions {
  readonly offsets?: MemberOffsets | undefined;
  readonly numbers?: NumberForm | undefined;
}

type BlockYamlResult =
  /** `isExact`: a number has the form that was asked for. */
  | { readonly ok: true; readonly value: unknown; readonly isExact: boolean }
  /** Gave up at the line with `offset`. */
  | { readonly ok: false; readonly offset: number };

/**
 * Parses the part of YAML 1.2 that programs write: block mappings and sequences of plain, quoted, literal and folded
 * scalars. It never guesses: at anything else (anchors, tags, flow collections, tabs, errors) it gives up, and the
 * package `yaml` reads the text. A test holds the two against each other.
 *
 * @param offsets receives the place of every member
 * @param numbers form of numbers that a double cannot hold; without it they are rounded
 */
export function parseBlockYaml(text: string, { offsets, numbers }: BlockYamlOptions = {}): BlockYamlResult {
  const unusual = text.search(UNUSUAL);
  if (unusual >= 0) return { ok: false, offset: unusual };
  const parser = new BlockParser(text, offsets, numbers);
  try {
    const value = parser.parse();
    return { ok: true, value, isExact: parser.isExact };
  } catch (error) {
    if (error === GIVE_UP) return { ok: false, offset: parser.offset };
    throw error;
  }
}

/** Tabs, carriage returns, a byte order mark, control characters, directives, document markers but a first `---`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNUSUAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff]|%(?<=^%)|\.\.\.(?<=^\.\.\.)|---(?<=\n---)/m;

const GIVE_UP = new Error("Not the common part of YAML");

/** First characters that plain scalars cannot have, or that start something else (YAML 1.2, 7.3.3). */
const INDICATORS = new Set("[]{},#&*!|>%@`'\"");

/**
 * Longest key that is read here. Up to 1,024 characters are a key (YAML 1.2, 7.4.2), of which the package `yaml` counts
 * some before the key too.
 */
const LONGEST_KEY = 1_000;

/** Integers that are written as the text of their number, such as the status codes of OpenAPI. */
const PLAIN_INTEGER = /^(?:0|[1-9]\d{0,8})$/;

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;

/**
 * The current line is the one with content that is parsed next: `#start` is the offset of its first character that is
 * not a space, `#indent` that character's column. Behind `- `, the rest of the line becomes the current line.
 */
class BlockParser {
  readonly #text: string;
  readonly #offsets: MemberOffsets | undefined;
  readonly #numbers: NumberForm | undefined;
  #isExact = false;
  #start = 0;
  #indent = 0;
  /** Number of open collections. */
  #depth = 0;

  constructor(text: string, offsets: MemberOffsets | undefined, numbers: NumberForm | undefined) {
    this.#text = text;
    this.#offsets = offsets;
    this.#numbers = numbers;
  }

  get isExact(): boolean {
    return this.#isExact;
  }

  get offset(): number {
    return Math.min(this.#start, this.#text.length);
  }

  parse(): unknown {
    this.#readLine(this.#text.startsWith("---\n") ? 4 : 0);
    if (this.#atEnd()) return null;
    const value = this.#collection(this.#indent);
    if (!this.#atEnd()) throw GIVE_UP;
    return value;
  }

  #atEnd(): boolean {
    return this.#start >= this.#text.length;
  }

  /** Makes the first line with content, at or after the line that starts at `offset`, the current one. */
  #readLine(offset: number): void {
    const text = this.#text;
    let lineStart = offset;
    for (;;) {
      let position = lineStart;
      while (text.charCodeAt(position) === SPACE) position++;
      const code = text.charCodeAt(position);
      if (code === NEWLINE) lineStart = position + 1;
      else if (code === HASH) lineStart = this.#lineEnd(position) + 1;
      else {
        this.#start = position;
        this.#indent = position - lineStart;
        return;
      }
    }
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf("\n", offset);
    return end < 0 ? this.#text.length : end;
  }

  #collection(indent: number): unknown {
    if (++this.#depth > MAX_YAML_DEPTH) throw GIVE_UP;
    const value = this.#isItem() ? this.#sequence(indent) : this.#mapping(indent);
    this.#depth--;
    return value;
  }

  /** Tells whether the current line starts with `- `. */
  #isItem(): boolean {
    return this.#text.charCodeAt(this.#start) === DASH && this.#isBlank(this.#start + 1);
  }

  #isBlank(offset: number): boolean {
    const code = this.#text.charCodeAt(offset);
    return code === SPACE || code === NEWLINE || offset >= this.#text.length;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    const offsets = this.#membersOf(items);
    while (!this.#atEnd() && this.#indent === indent && this.#isItem()) {
      const content = this.#skipSpaces(this.#start + 1);
      offsets?.set(String(items.length), { key: this.#start, value: content });
      if (this.#isEndOrComment(content)) {
        this.#readLine(this.#lineEnd(content) + 1);
        items.push(this.#indent > indent && !this.#atEnd() ? this.#collection(this.#indent) : null);
        continue;
      }
      const column = indent + (content - this.#start);
      this.#start = content;
      this.#indent = column;
      items.push(
        this.#isItem() || this.#keyEnd(content) >= 0 ? this.#collection(column) : this.#scalar(content, indent),
      );
    }
    if (!this.#atEnd() && this.#indent > indent) throw GIVE_UP;
    return items;
  }

  #mapping(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    const offsets = this.#membersOf(map);
    while (!this.#atEnd() && this.#indent === indent && !this.#isItem()) {
      const colon = this.#keyEnd(this.#start);
      if (colon < 0) throw GIVE_UP;
      const key = this.#key(this.#start, colon);
      if (Object.hasOwn(map, key)) throw GIVE_UP;
      const content = this.#skipSpaces(colon + 1);
      offsets?.set(key, { key: this.#start, value: this.#isEndOrComment(content) ? this.#start : content });
      map[key] = this.#mapValue(content, indent);
    }
    if (!this.#atEnd() && this.#indent > indent) throw GIVE_UP;
    return map;
  }

  #membersOf(collection: object): Map<string, { readonly key: number; readonly value: number }> | undefined {
    if (this.#offsets === undefined) return undefined;
    const members = new Map<string, { readonly key: number; readonly value: number }>();
    this.#offsets.set(collection, members);
    return members;
  }

  #mapValue(content: number, indent: number): unknown {
    if (!this.#isEndOrComment(content)) return this.#scalar(content, indent);
    this.#readLine(this.#lineEnd(content) + 1);
    if (this.#atEnd()) return null;
    if (this.#indent > indent) return this.#collection(this.#indent);
    // The items of a mapping's value may stand in the mapping's own column.
    return this.#indent === indent && this.#isItem() ? this.#collection(indent) : null;
  }

  /**
   * Returns the offset of the `:` behind the key at `start`, or -1 if the line has no key. The search ends with the
   * line: otherwise each line would search the rest of the file.
   */
  #keyEnd(start: number): number {
    const text = this.#text;
    const first = text[start] as string;
    if (first === "'" || first === '"') {
      // Anything but a key is a scalar, which ends at this quote or behind it.
      const close = text.indexOf(first, start + 1);
      return close > 0 && text.charCodeAt(close + 1) === COLON && this.#isBlank(close + 2) ? close + 1 : -1;
    }
    for (let position = start; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === NEWLINE) return -1;
      if (code === COLON && this.#isBlank(position + 1)) return position;
    }
    return -1;
  }

  #key(start: number, colon: number): string {
    if (colon - start > LONGEST_KEY) throw GIVE_UP;
    const text = this.#text;
    const first = text[start] as string;
    if (first === "'" || first === '"') {
      const key = text.slice(start + 1, colon - 1);
      if (key.includes("\\") || key.includes("\n") || key === "__proto__") throw GIVE_UP;
      return key;
    }
    const key = trimSpacesEnd(text.slice(start, colon));
    // A key that is not text when plain, such as `1.0` or `null`, has its own rules for becoming a member name.
    const plain = !INDICATORS.has(first) && !"-?".includes(first) && !key.includes(" #");
    if (!plain || key === "" || key === "<<" || key === "__proto__") throw GIVE_UP;
    if (resolvePlainScalar(key) !== key && !PLAIN_INTEGER.test(key)) throw GIVE_UP;
    return key;
  }

  #skipSpaces(offset: number): number {
    let position = offset;
    while (this.#text.charCodeAt(position) === SPACE) position++;
    return position;
  }

  #isEndOrComment(offset: number): boolean {
    const code = this.#text.charCodeAt(offset);
    return code === NEWLINE || code === HASH || offset >= this.#text.length;
  }

  /**
   * Reads the scalar at `start`, whose collection is at column `indent`, and makes the line behind it the current one.
   */
  #scalar(start: number, indent: number): unknown {
    const first = this.#text[start] as string;
    if (first === "'") return this.#quoted(start, indent, this.#singleQuoteEnd(start));
    if (first === '"') return this.#quoted(start, indent, this.#doubleQuoteEnd(start));
    if (first === "|" || first === ">") return this.#block(start, indent);
    if (first === "[" || first === "{") return this.#simpleFlow(start);
    if (INDICATORS.has(first) || ("-:?".includes(first) && this.#isBlank(start + 1))) throw GIVE_UP;
    return this.#plain(start, indent);
  }

  #plain(start: number, indent: number): unknown {
    const text = this.#text;
    const end = this.#lineEnd(start);
    let value = text.slice(start, end);
    const comment = value.indexOf(" #");
    if (comment >= 0) value = value.slice(0, comment);
    value = trimSpacesEnd(value);
    refuseKey(value);
    this.#readLine(end + 1);
    if (this.#atEnd() || this.#indent <= indent) return this.#plainScalar(value);
    if (comment >= 0) throw GIVE_UP;

    // More lines of the same scalar: everything that is indented deeper than its collection.
    let last = end;
    while (!this.#atEnd() && this.#indent > indent) {
      last = this.#lineEnd(this.#start);
      this.#readLine(last + 1);
    }
    const lines = text.slice(start, last);
    // A comment between the lines would end the scalar.
    if (lines.includes(" #") || lines.includes("\n#")) throw GIVE_UP;
    for (const line of lines.split("\n")) refuseKey(trimSpacesEnd(line));
    return foldLines(trimSpacesEnd(lines));
  }

  #singleQuoteEnd(start: number): number {
    let close = this.#text.indexOf("'", start + 1);
    while (close >= 0 && this.#text[close + 1] === "'") close = this.#text.indexOf("'", close + 2);
    return close;
  }

  #doubleQuoteEnd(start: number): number {
    for (let position = start + 1; position < this.#text.length; position++) {
      const character = this.#text[position];
      if (character === "\\") position++;
      else if (character === '"') return position;
    }
    return -1;
  }

  #quoted(start: number, indent: number, close: number): string {
    const text = this.#text;
    if (close < 0) throw GIVE_UP;
    const rest = this.#skipSpaces(close + 1);
    if (!this.#isEndOrComment(rest) || (text.charCodeAt(rest) === HASH && rest === close + 1)) throw GIVE_UP;
    const raw = text.slice(start + 1, close);
    const lines = raw.split("\n");
    for (let index = 1; index < lines.length; index++) {
      const line = lines[index] as string;
      const content = trimSpacesStart(line);
      // The closing quote, too, must be indented deeper than the collection.
      const blank = content === "" && index < lines.length - 1;
      if (!blank && line.length - content.length <= indent) throw GIVE_UP;
    }
    this.#readLine(this.#lineEnd(close) + 1);
    if (text[start] === "'") return (lines.length > 1 ? foldLines(raw) : raw).replaceAll("''", "'");
    const value = unescapeDoubleQuoted(raw);
    if (value === undefined) throw GIVE_UP;
    return value;
  }

  /** Reads a block scalar, literal or folded. */
  #block(start: number, indent: number): string {
    const text = this.#text;
    const end = this.#lineEnd(start);
    const header = BLOCK_HEADER.exec(trimSpacesEnd(text.slice(start, end)))?.groups;
    if (header === undefined) throw GIVE_UP;
    const { style, indicator = header["last"], chomping = header["behind"] } = header;
    const lines: string[] = [];
    let column = indicator === undefined ? -1 : indent + Number(indicator);
    let position = end + 1;
    while (position < text.length) {
      const content = this.#skipSpaces(position);
      const lineEnd = this.#lineEnd(position);
      const blank = content >= lineEnd;
      if (!blank) {
        if (content - position <= indent) break;
        if (column < 0) column = content - position;
        // Less than the first line, but more than the collection: not a line of either.
        if (content - position < column) throw GIVE_UP;
      } else if (column < 0 && content - position > indent + 1) {
        throw GIVE_UP;
      }
      lines.push(blank && (column < 0 || lineEnd - position <= column) ? "" : text.slice(position + column, lineEnd));
      position = lineEnd + 1;
    }
    this.#readLine(position);
    const written = lines.length;
    while (lines.at(-1) === "") lines.pop();
    const left = written - lines.length;
    // Readers disagree about lines of spaces at the end.
    if (lines.length > 0 && trimSpacesStart(lines.at(-1) ?? "") === "") throw GIVE_UP;
    // The last line of a text may lack its line break.
    if (chomping === "+" && position > text.length) throw GIVE_UP;
    const value = style === ">" ? foldBlock(lines) : lines.join("\n");
    if (chomping === "-" || (lines.length === 0 && chomping !== "+")) return value;
    return chomping === "+" ? value + "\n".repeat(lines.length === 0 ? left : left + 1) : `${value}\n`;
  }

  /** Reads `[]`, `{}`, or a list of plain words on one line. */
  #simpleFlow(start: number): unknown {
    const end = this.#lineEnd(start);
    const written = trimSpacesEnd(this.#text.slice(start, end));
    const inner = /^\[([^[\]{}"',:#&*!|>%@`?-][^[\]{}"':#&*!|>%@`?]*)\]$/.exec(written)?.[1];
    const items = inner?.split(",").map(item => trimSpacesStart(trimSpacesEnd(item)));
    if (written !== "[]" && written !== "{}" && !items?.every(item => item !== "" && item[0] !== "-")) throw GIVE_UP;
    if (this.#depth >= MAX_YAML_DEPTH) throw GIVE_UP;
    this.#readLine(end + 1);
    if (written === "{}") return {};
    return (items ?? []).map(item => this.#plainScalar(item));
  }

  #plainScalar(text: string): unknown {
    const value = resolvePlainScalar(text, this.#numbers);
    if (typeof value === "bigint" || value instanceof ExactNumber) this.#isExact = true;
    return value;
  }
}

/** Style, indentation and chomping of a block scalar, whose indicators stand in any order (YAML 1.2, 8.1.1). */
const BLOCK_HEADER = /^(?<style>[|>])(?:(?<indicator>[1-9])(?<behind>[-+])?|(?<chomping>[-+])(?<last>[1-9])?)?$/;

/**
 * Joins the lines of a folded scalar: a break becomes a space, an empty line a line feed. Lines that are indented deeper
 * keep the breaks around them (YAML 1.2, 8.1.3).
 */
function foldBlock(lines: readonly string[]): string {
  let text = "";
  let empty = 0;
  let isFirst = true;
  let wasDeeper = false;
  for (const line of lines) {
    if (line === "") {
      empty++;
      continue;
    }
    const isDeeper = line.startsWith(" ");
    if (isFirst) text += "\n".repeat(empty);
    else if (isDeeper || wasDeeper) text += "\n".repeat(empty + 1);
    else text += empty > 0 ? "\n".repeat(empty) : " ";
    text += line;
    empty = 0;
    isFirst = false;
    wasDeeper = isDeeper;
  }
  return text;
}

/** Refuses a plain scalar that looks like a key: it is an error, or a mapping where none is expected. */
function refuseKey(line: string): void {
  if (line.includes(": ") || line.endsWith(":")) throw GIVE_UP;
}
