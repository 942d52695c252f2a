/**
 * JSONPath in the dialect of the language (chapter 6): parsed here once, so that a malformed path is found when a file
 * is loaded. Evaluation is `outputs/`.
 */

import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { closingBracket } from "./closing-bracket.ts";
import { parseJsonPathFilter } from "./json-path-filter.ts";
import { type ParsePath, readOperands } from "./json-path-operand.ts";
import { isDefinite, JSON_PATH_FUNCTIONS, type JsonPath, type JsonPathStep } from "./json-path-steps.ts";

export type { JsonPath, JsonPathStep } from "./json-path-steps.ts";

type JsonPathResult = { readonly ok: true; readonly path: JsonPath } | { readonly ok: false; readonly reason: string };

const LONGEST_PATH = 10_000;
/** Functions may stand in arguments of functions; this bounds how deep. */
const LONGEST_ARGUMENTS = 2_000;
/** Filters may stand in filters; this bounds how deep. */
const MOST_FILTERS = 50;

/**
 * Parses a path. `$` and `$.` are the root, and an empty path names nothing. A leading `@` stands for `$`, `{{$.a}}`
 * for `$.a`, and `a` for `$.a`.
 */
export function parseJsonPath(source: string): JsonPathResult {
  let text = withoutBraces(source.trim());
  if (text.length > LONGEST_PATH) return { ok: false, reason: "the path is too long" };
  if (text.split("[?").length - 1 > MOST_FILTERS) return { ok: false, reason: "the path has too many filters" };
  if (/^@(?=[.[]|$)/.test(text)) text = `$${text.slice(1)}`;
  if (text === "$.") text = "$";
  if (text === "" || text === "$") return { ok: true, path: { text, steps: [], definite: true } };
  if (!text.startsWith("$")) text = `$.${text}`;
  return new Parser(text).parse();
}

function withoutBraces(text: string): string {
  if (!text.startsWith("{{") || !text.endsWith("}}")) return text;
  const inner = text.slice(2, -2).trim();
  return inner.startsWith("$") ? inner : text;
}

class Parser {
  readonly #text: string;
  #position = 1;
  readonly #steps: JsonPathStep[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonPathResult {
    while (this.#position < this.#text.length) {
      const reason = this.#step();
      if (reason !== undefined) return { ok: false, reason };
    }
    const last = this.#steps.at(-1);
    const definite = this.#steps.every(isDefinite) || (last?.kind === "function" && last.collects);
    return { ok: true, path: { text: this.#text, steps: this.#steps, definite } };
  }

  /** Reads one step. Returns a problem, if there is one. */
  #step(): string | undefined {
    const text = this.#text;
    if (text[this.#position] === "[") return this.#bracket();
    if (text[this.#position] !== ".") return `"${text[this.#position]}" stands where "." or "[" is expected`;
    this.#position++;
    if (text[this.#position] === ".") {
      this.#position++;
      this.#steps.push({ kind: "descendant" });
      if (text[this.#position] === "[") return this.#bracket();
    } else if (text[this.#position] === "[") {
      return this.#bracket();
    }
    return this.#dotMember();
  }

  #dotMember(): string | undefined {
    const start = this.#position;
    if (this.#text[start] === "*") {
      this.#position++;
      this.#steps.push({ kind: "wildcard" });
      return undefined;
    }
    while (this.#position < this.#text.length && !/[.[(]/.test(this.#text[this.#position] as string)) this.#position++;
    const name = this.#text.slice(start, this.#position).trim();
    if (this.#text[this.#position] === "(") return this.#function(name);
    if (name === "") return "a member name is missing";
    this.#steps.push({ kind: "member", name });
    return undefined;
  }

  #function(written: string): string | undefined {
    const name = JSON_PATH_FUNCTIONS.find(known => known === written);
    if (name === undefined) {
      return `the function "${written}()" is not known${didYouMean(suggest(written, JSON_PATH_FUNCTIONS))}`;
    }
    const end = closingBracket(this.#text, this.#position, "()");
    if (end === undefined) return `the arguments of "${name}(" have no ")"`;
    if (end < this.#text.length - 1) return `the function "${name}()" is not the last step`;
    if (end - this.#position > LONGEST_ARGUMENTS) return `the arguments of "${name}()" are too long`;
    const args = readOperands(this.#text.slice(this.#position + 1, end), parsePath);
    if (typeof args === "string") return `of the arguments of "${name}()" ${args}`;
    const collects = this.#steps.some(({ kind }) => kind === "descendant");
    this.#steps.push({ kind: "function", name, args, collects });
    this.#position = end + 1;
    return undefined;
  }

  #bracket(): string | undefined {
    const start = this.#position + 1;
    const end = closingBracket(this.#text, this.#position);
    if (end === undefined) return '"[" has no matching "]"';
    const inner = this.#text.slice(start, end).trim();
    const step = bracketStep(inner);
    if (typeof step === "string") return step;
    this.#steps.push(step);
    this.#position = end + 1;
    return undefined;
  }
}

/** Reads the step in a pair of brackets. Returns the problem as a text if it is malformed. */
function bracketStep(inner: string): JsonPathStep | string {
  if (inner === "*") return { kind: "wildcard" };
  if (inner.startsWith("?")) return filterStep(inner);
  if (/^-?\d+$/.test(inner)) return { kind: "index", index: Number(inner) };
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inner);
  if (slice !== null) return { kind: "slice", start: optionalNumber(slice[1]), end: optionalNumber(slice[2]) };
  if (/^-?\d+(\s*,\s*-?\d+)+$/.test(inner)) {
    return { kind: "indexes", indexes: inner.split(",").map(Number) };
  }
  const names = quotedNames(inner);
  if (names === undefined) return `"[${inner}]" is not an index, a name, a slice, a list, "*" or a filter`;
  const [only] = names;
  return names.length === 1 && only !== undefined ? { kind: "member", name: only } : { kind: "members", names };
}

function filterStep(inner: string): JsonPathStep | string {
  const expression = /^\?\s*\((.*)\)$/s.exec(inner)?.[1];
  if (expression === undefined) return `"[${inner}]" is not a filter: it is written [?(…)]`;
  const filter = parseJsonPathFilter(expression, parsePath);
  return typeof filter === "string" ? filter : { kind: "filter", filter };
}

const parsePath: ParsePath = text => {
  const parsed = parseJsonPath(text);
  return parsed.ok ? parsed.path : parsed.reason;
};

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Returns the names in `'a','b'`. `\` escapes the next character. */
function quotedNames(inner: string): string[] | undefined {
  const item = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/sy;
  const names: string[] = [];
  while (item.lastIndex < inner.length) {
    const match = item.exec(inner);
    if (match === null) return undefined;
    names.push((match[1] ?? match[2] ?? "").replace(/\\(.)/gs, "$1"));
    if (match[3] === "") return names;
  }
  return undefined;
}
