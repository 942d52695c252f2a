import { parseDuration } from "../../base/duration.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import type { OptionKind } from "../../base/option-kinds.ts";
import type { Flag, OptionRow, OptionRows } from "../../base/option-row.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { openOptions, policyOptions } from "../../engine/options.ts";
import { headerNameProblem, headerValueProblem } from "../../engine/request/locations/header.ts";
import { choiceProblem } from "./choice-problem.ts";
import { USAGE } from "./run-options.ts";
import type { GivenOptions } from "./scan-arguments.ts";
import { usageError } from "./usage-error.ts";

/** Reads the texts of an option, which was given at least once. */
type Reader = (texts: readonly string[], name: string, kind: OptionKind) => unknown;

type ReadForm = Exclude<OptionKind["form"] | Flag["form"], "object" | "own" | undefined>;

const readers: Readonly<Record<ReadForm, Reader>> = {
  boolean: readBoolean,
  negation: (texts, name) => !readBoolean(texts, name),
  text: readSingle,
  texts: given => given,
  choice: (texts, name, { choices = [] }) => readChoice(readSingle(texts, name), name, choices),
  number: readNumber,
  time: readTime,
  duration: readDuration,
  optional: readHeaderValue,
  headers: readHeaders,
  query: readQuery,
};

/**
 * Reads those options of a table that were given, by their names in the table.
 *
 * @throws CapabilityError `USAGE`
 */
export function readOptions<Options>(rows: OptionRows<Options>, given: GivenOptions): Partial<Options> {
  const values = Object.entries<OptionRow>(rows).flatMap(([option, { flag, kind }]) => {
    if (flag === undefined) return [];
    const texts = given.get(flag.name);
    const form = flag.form ?? kind.form;
    if (texts === undefined || form === "own" || form === "object") return [];
    return [[option, readers[form](texts, flag.name, kind)]];
  });
  // Typed by `rows`, which `Object.fromEntries` does not follow.
  return Object.fromEntries(values) as Partial<Options>;
}

/** Reads the options of opening a capability, and those of its policy. */
export function readOpenOptions(given: GivenOptions): OpenOptions {
  const policy = readOptions(policyOptions, given);
  const open = readOptions(openOptions, given);
  return Object.keys(policy).length === 0 ? open : { ...open, policy };
}

/** Reads an option that may be given once. */
export function readSingle([text = "", ...others]: readonly string[], name: string): string {
  if (others.length === 0) return text;
  throw usageError(`Option --${name} is given ${others.length + 1} times`, USAGE);
}

export function readChoice<Choice extends string>(text: string, name: string, choices: readonly Choice[]): Choice {
  const found = choices.find(choice => choice === text);
  if (found !== undefined) return found;
  throw usageError(choiceProblem(name, text, choices), USAGE);
}

function readBoolean(texts: readonly string[], name: string): boolean {
  const value = readOptional(texts);
  if (typeof value === "boolean") return value;
  throw usageError(`Option --${name} takes no value, found ${JSON.stringify(value)}`, USAGE);
}

/** Reads an option whose value may be left out: it is then `true`. */
export function readOptional(texts: readonly string[]): string | boolean {
  const text = texts.at(-1) ?? "true";
  return text === "true" || text === "false" ? text === "true" : text;
}

/** Reads a value that is sent as a header field, or whether there is one. */
function readHeaderValue(texts: readonly string[], name: string): string | boolean {
  const value = readOptional(texts);
  if (typeof value === "boolean" || SENDABLE.test(value)) return value;
  throw usageError(`Option --${name} cannot send ${JSON.stringify(value)} as a header`, USAGE);
}

/**
 * Reads headers as curl writes them: `Name: value`, `Name;` for an empty one, `Name:` for one that is left out. Fields of
 * one name are joined (RFC 9110, 5.3). No text is repeated in an error: it may be a credential.
 */
function readHeaders(texts: readonly string[], option: string): Readonly<Record<string, string | null>> {
  const headers = new Map<string, string | null>();
  for (const text of texts) {
    const [, written = "", mark, rest = ""] = /^([^:;]*)([:;])(.*)$/s.exec(text) ?? [];
    const name = written.trim().toLowerCase();
    const value = rest.trim();
    if (name === "" || mark === undefined || (mark === ";" && value !== ""))
      throw usageError(`Option --${option} takes 'Name: value', 'Name;' for an empty one, or 'Name:' for none`, USAGE);
    const problem = headerNameProblem(name) ?? headerValueProblem(value);
    if (problem !== undefined)
      throw usageError(`Option --${option} cannot send ${JSON.stringify(written.trim())}: it ${problem}`, USAGE);
    const before = headers.get(name);
    if (mark === ":" && value === "") headers.set(name, null);
    else headers.set(name, before ? before + (name === "cookie" ? "; " : ", ") + value : value);
  }
  return Object.fromEntries(headers);
}

function readQuery(texts: readonly string[], option: string): Readonly<Record<string, readonly string[]>> {
  const query = new Map<string, string[]>();
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1)
      throw usageError(`Option --${option} takes name=value; an input of that name is given by -i ${option}=…`, USAGE);
    getOrSet(query, text.slice(0, equals), () => []).push(text.slice(equals + 1));
  }
  return Object.fromEntries(query);
}

const SENDABLE = /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/;

function readNumber(texts: readonly string[], name: string, { range }: OptionKind): number {
  const text = readSingle(texts, name);
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text))
    throw usageError(`Option --${name} takes a whole number, found ${JSON.stringify(text)}`, USAGE);
  if (range !== undefined && number < range.least)
    throw usageError(`Option --${name} takes a number from ${range.least} on, found ${JSON.stringify(text)}`, USAGE);
  return number;
}

/** Reads milliseconds, or a duration with its unit. */
function readTime(texts: readonly string[], name: string, { range }: OptionKind): number {
  const text = readSingle(texts, name);
  const ms = /^\d+$/.test(text) ? Number(text) : durationOf(text, name, "a number of milliseconds, or a duration");
  return withinRange(ms, text, name, range);
}

function readDuration(texts: readonly string[], name: string, { range }: OptionKind): number {
  const text = readSingle(texts, name);
  return withinRange(durationOf(text, name, "a duration"), text, name, range);
}

function durationOf(text: string, name: string, words: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  const hint = parseDuration(`${text}s`) === undefined ? "" : `; ${text} seconds are ${text}s`;
  throw usageError(
    `Option --${name} takes ${words} such as 500ms, 5s, 2m or 1h, found ${JSON.stringify(text)}${hint}`,
    USAGE,
  );
}

function withinRange(ms: number, text: string, name: string, range: OptionKind["range"]): number {
  const { least = 0, most = Number.POSITIVE_INFINITY } = range ?? {};
  if (ms >= least && ms <= most) return ms;
  const bound = ms < least ? `at least ${least} ms` : `at most ${most} ms`;
  throw usageError(`Option --${name} takes ${bound}, found ${JSON.stringify(text)}`, USAGE);
}
