import { isObject } from "./json-object.ts";
import { ExactNumber } from "./numbers/exact-number.ts";
import { isHostile, visibleText } from "./visible-text.ts";

/** Collections nest by indentation up to here; deeper ones are written on a line, or most of the text would be spaces. */
const MOST_INDENTED = 40;

/** Keys longer than 1,024 characters have to be marked as keys (YAML 1.2, 7.4.2). */
const LONGEST_KEY = 1_000;

/**
 * Writes a value as one YAML document with a line feed at its end, in time and memory of its size. Readers of YAML 1.2
 * get the same value back, and so do readers of YAML 1.1, such as PyYAML: a text that one of them would take for
 * another value is quoted. A character that steers a terminal is written as an escape.
 */
export function yamlText(value: unknown): string {
  const lines = new Pieces();
  if (isBlock(value, 0)) block(value, 0, "", lines);
  else lines.add("", "", "", onLine(value, 1, lines));
  lines.add("\n", "", "", "");
  return lines.text();
}

/** Gathers a text of millions of pieces: appending each to a string would keep them all until the end. */
class Pieces {
  #last: string[] = [];
  #text = "";
  /** Keys and short texts as they are written: most occur many times. */
  readonly #known = new Map<string, string>();

  oneLine(text: string): string {
    if (text.length > LONGEST_KNOWN) return oneLine(text);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const written = oneLine(text);
    if (this.#known.size < MOST_KNOWN) this.#known.set(text, written);
    return written;
  }

  /** Adds a line in pieces, each a flat string: joining strings that were put together takes several times as long. */
  add(before: string, name: string, separator: string, text: string): void {
    if (this.#last.push(before, name, separator, text) >= MOST_PIECES) this.#join();
  }

  text(): string {
    this.#join();
    return this.#text;
  }

  #join(): void {
    this.#text += this.#last.join("");
    this.#last = [];
  }
}

const MOST_PIECES = 16_384;
const MOST_KNOWN = 10_000;
const LONGEST_KNOWN = 32;

type Collection = readonly unknown[] | Readonly<Record<string, unknown>>;

function isCollection(value: unknown): value is Collection {
  return isObject(value);
}

/** The line feed and the indentation before a line, by depth. */
const BREAKS = Array.from({ length: MOST_INDENTED + 1 }, (_, depth) => `\n${"  ".repeat(depth)}`);

/**
 * Writes the lines of a collection that is not empty, without the last line feed.
 *
 * @param first what stands before the first line
 */
function block(value: Collection, depth: number, first: string, lines: Pieces): void {
  const lineBreak = BREAKS[depth] as string;
  let before = first;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      if (isBlock(item, depth + 1)) {
        lines.add(before, "-", " ", "");
        block(item, depth + 1, "", lines);
      } else lines.add(before, "-", " ", onLine(item, depth + 1, lines));
      before = lineBreak;
    }
    return;
  }
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    const written = lines.oneLine(key);
    const name = written.length > LONGEST_KEY ? `? ${written}${lineBreak}` : written;
    if (isBlock(member, depth + 1)) {
      lines.add(before, name, ":", "");
      block(member, depth + 1, BREAKS[depth + 1] as string, lines);
    } else lines.add(before, name, ": ", onLine(member, depth + 1, lines));
    before = lineBreak;
  }
}

/** Tells what has lines of its own. */
function isBlock(value: unknown, depth: number): value is Collection {
  return isCollection(value) && depth < MOST_INDENTED && !isEmpty(value);
}

function isEmpty(value: Collection): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** Writes a value behind its key. A text of several lines is indented by `depth`. */
function onLine(value: unknown, depth: number, lines: Pieces): string {
  if (typeof value === "string") return isLiteral(value) ? literal(value, "  ".repeat(depth)) : lines.oneLine(value);
  return flow(value);
}

/** Writes a value on one line, as in JSON. */
function flow(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (!isCollection(value)) return scalar(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) text += `${text === "" ? "" : ", "}${flow(item)}`;
    return `[${text}]`;
  }
  for (const [name, member] of Object.entries(value))
    text += `${text === "" ? "" : ", "}${quoted(name)}: ${flow(member)}`;
  return `{${text}}`;
}

/** Writes a scalar that is no text. */
function scalar(value: unknown): string {
  switch (typeof value) {
    case "number":
      return numberText(value);
    case "boolean":
    case "bigint":
      return `${value}`;
    default:
      return value instanceof ExactNumber ? value.json : "null";
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  if (Object.is(value, -0)) return "-0";
  // YAML 1.1 takes 1e+21 for text: its numbers with an exponent have a point.
  return String(value).replace(/^(-?\d+)e/, "$1.0e");
}

/** Texts that every reader takes for text: they begin with a letter, and hold no `: ` and no ` #`. */
const PLAIN = /^[\p{L}_/](?:[\p{L}\p{M}\p{N}_\-./@+()=&$%;~^?!,'"]| (?![ #]|$)|:(?=[\p{L}\p{N}/]))*$/u;

/** Words that mean true, false or nothing in YAML 1.2 or 1.1. */
const WORD = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Longer texts are quoted without a look at them. */
const LONGEST_PLAIN = 10_000;

/** Texts of {@link PLAIN} in ASCII, which are most. The expression for all languages takes longer to compile, and to run. */
const PLAIN_ASCII = /^[A-Za-z_/](?:[\w\-./@+()=&$%;~^?!,'"]| (?![ #]|$)|:(?=[A-Za-z\d/]))*$/;
const ASCII = /^[ -~]*$/;

function oneLine(text: string): string {
  return isPlain(text) && !WORD.test(text) ? text : quoted(text);
}

function isPlain(text: string): boolean {
  if (text.length > LONGEST_PLAIN) return false;
  return ASCII.test(text) ? PLAIN_ASCII.test(text) : PLAIN.test(text) && !isHostile(text);
}

/** Lines of printable characters without spaces at their ends; the first line tells the indentation. */
const LITERAL =
  /^[!-~\u00a1-\u1fff][\n -~\u00a0-\u1fff\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\ufdff\uff00-\uffef\u{10000}-\u{1ffff}]*$/u;

function isLiteral(text: string): boolean {
  return (
    text.includes("\n") &&
    LITERAL.test(text) &&
    !isHostile(text) &&
    !/ (?:\n|$)|\n\n$/.test(text) &&
    !text.endsWith("\n ")
  );
}

function literal(text: string, indent: string): string {
  const ends = text.endsWith("\n");
  const lines = (ends ? text.slice(0, -1) : text).split("\n");
  return `${ends ? "|" : "|-"}\n${lines.map(line => (line === "" ? "" : indent + line)).join("\n")}`;
}

/** Characters that JSON leaves as they are, and that YAML cannot hold, takes for line breaks, or terminals act on. */
const UNSAFE = /[\u007f-\u00a0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (ASCII.test(json)) return json;
  return visibleText(json.replace(UNSAFE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
