import { ExactNumber, integerDigits } from "../../base/numbers/exact-number.ts";
import { visibleLine, visibleText } from "../../base/visible-text.ts";

/** Longest comment, in characters. Descriptions of files may be pages long. */
const LONGEST_COMMENT = 400;
/** Longest type name, in characters. */
const LONGEST_NAME = 80;

/** Returns a text as a literal of TypeScript. No character of it ends the literal or is invisible. */
export function textLiteral(text: string): string {
  return visibleText(JSON.stringify(text));
}

/** Returns a value of JSON as a literal type. `undefined` for a list or an object. */
export function literalType(value: unknown): string | undefined {
  if (typeof value === "string") return textLiteral(value);
  if (typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof ExactNumber) return integerDigits(value.json) === undefined ? "number" : "number | bigint";
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** Returns the name of a member as TypeScript has it: in quotes unless it is a plain word. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : textLiteral(name);
}

/**
 * Returns the first paragraph of a description as a comment in a line of its own, with the line break. The text is
 * another's: it neither ends the comment, nor is it a directive to the compiler. Nothing for an empty text.
 */
export function comment(text: string | undefined, indent: string): string {
  const [paragraph = ""] = (text ?? "").trim().split(/\n\s*\n/, 1);
  const line = visibleLine(paragraph.replace(/\s+/g, " ").trim());
  if (line === "") return "";
  const short = line.length > LONGEST_COMMENT ? `${line.slice(0, LONGEST_COMMENT - 1)}…` : line;
  return `${indent}/** ${short.replaceAll("*/", "*\\/").replace(/@(?=ts-)/g, "@ ")} */\n`;
}

/** Gives names of types, each once. They are words of ASCII, for every version of TypeScript. */
export class TypeNames {
  readonly #used: Set<string>;

  /** @param reserved names that mean something else */
  constructor(reserved: readonly string[]) {
    this.#used = new Set(reserved);
  }

  /** Returns a new name that is made of a text. */
  of(text: string): string {
    const words = text
      .slice(0, LONGEST_NAME)
      .split(/[^A-Za-z0-9]+/)
      .map(word => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join("");
    const base = /^[A-Z]/.test(words) ? words : `Type${words}`;
    let name = base;
    for (let count = 2; this.#used.has(name); count++) name = `${base}_${count}`;
    this.#used.add(name);
    return name;
  }
}
