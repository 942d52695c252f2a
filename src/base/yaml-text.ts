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
  if (!isCollection(value)) return `${scalar(value, "  ")}\n`;
  const lines = new Pieces();
  block(value, 0, lines);
  return lines.text();
}

/** Gathers a text of millions of pieces: appending each to a string would keep them all until the end. */
class Pieces {
  #last: string[] = [];
  #text = "";
  /** Keys as they are written: most occur many times. */
  readonly #keys = new Map<string, string>();

  key(name: string): string {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const written = oneLine(name);
    if (this.#keys.size < MOST_KEYS) this.#keys.set(name, written);
    return written;
  }

  add(piece: string): void {
    if (this.#last.push(piece) >= MOST_PIECES) this.#join();
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

const MOST_PIECES = 4_096;
const MOST_KEYS = 10_000;

type Collection = readonly unknown[] | Readonly<Record<string, unknown>>;

function isCollection(value: unknown): value is Collection {
  return isObject(value);
}

/** Writes the lines of a collection, of which the first begins where the last piece ends. */
function block(value: Collection, depth: number, lines: Pieces): void {
  if (depth >= MOST_INDENTED || isEmpty(value)) {
    lines.add(`${flow(value)}\n`);
    return;
  }
  const indent = "  ".repeat(depth);
  let start = "";
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      if (isCollection(item)) {
        lines.add(`${start}- `);
        block(item, depth + 1, lines);
      } else lines.add(`${start}- ${scalar(item, `${indent}  `)}\n`);
      start = indent;
    }
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const written = lines.key(name);
    const key = written.length > LONGEST_KEY ? `${start}? ${written}\n${indent}:` : `${start}${written}:`;
    start = indent;
    if (!isCollection(member)) lines.add(`${key} ${scalar(member, `${indent}  `)}\n`);
    else if (isEmpty(member) || depth + 1 >= MOST_INDENTED) lines.add(`${key} ${flow(member)}\n`);
    else {
      lines.add(`${key}\n${indent}  `);
      block(member, depth + 1, lines);
    }
  }
}

function isEmpty(value: Collection): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** Writes a collection on one line, as in JSON. */
function flow(value: unknown): string {
  if (!isCollection(value)) return typeof value === "string" ? quoted(value) : scalar(value, "");
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) text += `${text === "" ? "" : ", "}${flow(item)}`;
    return `[${text}]`;
  }
  for (const [name, member] of Object.entries(value))
    text += `${text === "" ? "" : ", "}${quoted(name)}: ${flow(member)}`;
  return `{${text}}`;
}

/** @param indent before each line of a text that has several */
function scalar(value: unknown, indent: string): string {
  switch (typeof value) {
    case "string":
      return isLiteral(value) ? literal(value, indent) : oneLine(value);
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

function oneLine(text: string): string {
  return text.length <= LONGEST_PLAIN && PLAIN.test(text) && !WORD.test(text) && !isHostile(text) ? text : quoted(text);
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
  return visibleText(
    JSON.stringify(text).replace(UNSAFE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
