import { ExactNumber, isChanged, JSON_NUMBER, type NumberForm, readNumber } from "./exact-number.ts";
import { mayHoldLargeNumber } from "./large-numbers.ts";

/**
 * Parses JSON. Numbers that a double cannot hold get the form of `form`, all others are as `JSON.parse` reads them. A text
 * without such numbers is read at its speed.
 *
 * @param bytes the text in an encoding that has ASCII, if there is one already
 * @throws SyntaxError as `JSON.parse`, LargeNumberError for a number that the form cannot hold
 */
export function parseExact(text: string, form: NumberForm, bytes?: Uint8Array): unknown {
  // Other characters than ASCII may become digits here, which costs time and no more.
  const isPlain =
    form === "written"
      ? !MAY_BE_WRITTEN.test(text)
      : !mayHoldLargeNumber(text, bytes ?? Buffer.from(text, "latin1"), form);
  if (isPlain) return JSON.parse(text);
  return parseLarge(text, form);
}

/** Every number that JavaScript writes in another way has a part of this. */
const MAY_BE_WRITTEN = /\d[.eE]|-0|\d{16}/;

/** A text has a number that the form of numbers cannot hold. The message continues "it cannot be read: …". */
export class LargeNumberError extends Error {}

/** Most digits that the exponents of one text add to its numbers. */
const MOST_EXPANDED = 1_000_000;

/**
 * Parses a text in which each large number is replaced by a list of one marked string: that may stand wherever a number
 * may. Then the lists are replaced by the numbers.
 */
function parseLarge(text: string, form: NumberForm): unknown {
  const mark = crypto.randomUUID();
  let expanded = 0;
  const spend = (digits: number) => {
    expanded += digits;
    if (expanded > MOST_EXPANDED) throw new Error("and others have too many zeros");
  };
  const read = (marked: string): unknown => {
    const [offset = "", number = ""] = marked.slice(mark.length).split(" ");
    try {
      return readNumber(number, form, spend);
    } catch (error) {
      const shown = number.length > LONGEST_SHOWN ? `${number.slice(0, LONGEST_SHOWN)}…` : number;
      throw new LargeNumberError(`the number ${shown} ${placeOf(text, Number(offset))} ${(error as Error).message}`);
    }
  };
  let root: unknown;
  try {
    root = JSON.parse(markNumbers(text, form, mark));
  } catch {
    // The error of the text itself, whose places are right.
    return JSON.parse(text);
  }
  const holder = [root];
  const open: object[] = [holder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const members = next as Record<string, unknown>;
    for (const name of Object.keys(members)) {
      const member = members[name];
      if (typeof member !== "object" || member === null) continue;
      const only: unknown = Array.isArray(member) && member.length === 1 ? member[0] : undefined;
      if (typeof only === "string" && only.startsWith(mark)) members[name] = read(only);
      else open.push(member);
    }
  }
  return holder[0];
}

const LONGEST_SHOWN = 40;

const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/** Characters of numbers, from an offset on. */
const NUMBER_CHARACTERS = /[-+.\deE]+/y;

function markNumbers(text: string, form: NumberForm, mark: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = closingQuote(text, index);
      if (index < 0) break;
    } else if (code === MINUS || (code <= NINE && code >= ZERO)) {
      NUMBER_CHARACTERS.lastIndex = index;
      const [number = ""] = NUMBER_CHARACTERS.exec(text) ?? [];
      if (JSON_NUMBER.test(number) && isChanged(number, form)) {
        pieces.push(text.slice(done, index), `["${mark}${index} ${number}"]`);
        done = index + number.length;
      }
      index += number.length - 1;
    }
  }
  return pieces.join("") + text.slice(done);
}

/** Returns the end of the string that begins at a quote, or -1 if it has none. */
function closingQuote(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index++;
    else if (code === QUOTE) return index;
  }
  return -1;
}

/** Returns the line and column of an offset, as the end of a sentence. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `at line ${before.split("\n").length}, column ${offset - before.lastIndexOf("\n")}`;
}

/**
 * Writes a value as JSON like `JSON.stringify`, which refuses integers of type `bigint`: this writes them as numbers.
 *
 * @returns `undefined` for a value that JSON has no text for
 * @throws TypeError for a value that holds itself
 */
export function stringify(value: unknown, space?: string | number | null): string | undefined {
  // A program may have taught JSON.stringify to write them as strings.
  if ("toJSON" in BigInt.prototype) return new Writer(space).write(value, "", "");
  try {
    return JSON.stringify(value, undefined, space ?? undefined);
  } catch (error) {
    // Looking for such a number beforehand would cost every other value.
    if (!/BigInt/.test((error as Error).message)) throw error;
    return new Writer(space).write(value, "", "");
  }
}

/** Writes JSON as `JSON.stringify` does, and all numbers with their digits. */
class Writer {
  readonly #gap: string;
  /** The objects that lead to the current value. */
  readonly #open = new Set<object>();

  constructor(space: string | number | null = "") {
    const gap = typeof space === "number" ? " ".repeat(Math.min(10, Math.max(0, space))) : space;
    this.#gap = (gap ?? "").slice(0, 10);
  }

  write(given: unknown, key: string, indent: string): string | undefined {
    if (typeof given === "bigint") return String(given);
    if (typeof given !== "object" || given === null) return JSON.stringify(given);
    if (given instanceof ExactNumber) return given.json;
    const { toJSON } = given as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") {
      const value: unknown = toJSON.call(given, key);
      if (value !== given) return this.write(value, key, indent);
    }
    if (given instanceof Number || given instanceof String || given instanceof Boolean) return JSON.stringify(given);
    if (this.#open.has(given)) throw new TypeError("Converting circular structure to JSON");
    this.#open.add(given);
    const text = Array.isArray(given) ? this.#list(given, indent) : this.#members(given, indent);
    this.#open.delete(given);
    return text;
  }

  #list(list: readonly unknown[], indent: string): string {
    const inner = indent + this.#gap;
    const items = Array.from(list, (item, index) => this.write(item, String(index), inner) ?? "null");
    return this.#enclose("[", items, "]", indent);
  }

  #members(members: object, indent: string): string {
    const inner = indent + this.#gap;
    const colon = this.#gap === "" ? ":" : ": ";
    const written: string[] = [];
    for (const [name, member] of Object.entries(members) as [string, unknown][]) {
      const text = this.write(member, name, inner);
      if (text !== undefined) written.push(JSON.stringify(name) + colon + text);
    }
    return this.#enclose("{", written, "}", indent);
  }

  #enclose(open: string, items: readonly string[], close: string, indent: string): string {
    if (items.length === 0) return open + close;
    if (this.#gap === "") return open + items.join(",") + close;
    const inner = `\n${indent}${this.#gap}`;
    return `${open}${inner}${items.join(`,${inner}`)}\n${indent}${close}`;
  }
}
