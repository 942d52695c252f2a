import { didYouMean, suggest } from "./did-you-mean.ts";
import { isJsonObject, isObject, member } from "./json-object.ts";

/** Kind of values that an option of a program takes. */
export interface OptionKind {
  readonly form: OptionForm;
  /** The kind as errors name it: "a list of paths". */
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
  /** Bounds of a whole number. */
  readonly range?: { readonly least: number; readonly most: number };
  readonly choices?: readonly string[];
}

/** Form that a value has when it is written as text; `object`: it has none. */
type OptionForm = "boolean" | "text" | "texts" | "choice" | "number" | "time" | "object";

/** The longest time that timers take, and enough for other numbers. */
const LARGEST_NUMBER = 2 ** 31 - 1;

export const boolean: OptionKind = {
  form: "boolean",
  words: "true or false",
  holds: value => typeof value === "boolean",
};
export const func: OptionKind = { ...object("a function"), holds: value => typeof value === "function" };

export function object(words = "an object", holds: OptionKind["holds"] = isObject): OptionKind {
  return { form: "object", words, holds };
}

export function text(words = "a text"): OptionKind {
  return { form: "text", words, holds: value => typeof value === "string" };
}

export const filePath: OptionKind = {
  ...text("a path"),
  holds: value => typeof value === "string" && value !== "",
};

export function texts(words = "a list of texts"): OptionKind {
  return { form: "texts", words, holds: isTexts };
}

export function choice(choices: readonly string[]): OptionKind {
  const words = choices.map(item => JSON.stringify(item)).join(" or ");
  return { form: "choice", words, holds: value => choices.some(item => item === value), choices };
}

export function wholeNumber(least: number, most: number = LARGEST_NUMBER): OptionKind {
  return {
    form: "number",
    words: "a number",
    holds: value => typeof value === "number",
    range: { least, most },
  };
}

export function milliseconds(least: number): OptionKind {
  return { ...wholeNumber(least), form: "time" };
}

/**
 * Checks options that a program gives: callers may be JavaScript. `undefined` counts as absent.
 *
 * @throws TypeError for an option that is unknown or of another kind, RangeError for a number out of bounds
 */
export function requireOptions(options: object, known: Readonly<Record<string, { readonly kind: OptionKind }>>): void {
  if (!isJsonObject(options)) throw new TypeError("options must be an object");
  for (const [name, value] of Object.entries(options)) {
    const kind = member(known, name)?.kind;
    if (kind === undefined)
      throw new TypeError(
        `Unknown option ${JSON.stringify(name)}${didYouMean(suggest(name, Object.keys(known)).slice(0, 1))}`,
      );
    if (value !== undefined) requireKind(name, value, kind);
  }
}

function requireKind(name: string, value: unknown, { words, holds, range }: OptionKind): void {
  if (!holds(value)) throw new TypeError(`${name} must be ${words}`);
  if (range === undefined) return;
  const { least, most } = range;
  if (Number.isInteger(value) && least <= Number(value) && Number(value) <= most) return;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${least} to ${most}`;
  throw new RangeError(`${name} must be a whole number from ${bounds}, found ${value}`);
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === "string");
}
