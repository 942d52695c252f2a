/**
 * JSONPath in the dialect of the language (chapter 6): parsed here once, so that a malformed path is found when a file
 * is loaded. Evaluation is `outputs/`.
 */

/** One step of a path. Filters stay text: a JSONPath library evaluates them. */
export type JsonPathStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "members"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: "wildcard" }
  | { readonly kind: "descendant" }
  | { readonly kind: "filter"; readonly expression: string };

export interface JsonPath {
  /** As written, with braces and spaces around it removed and a leading `$.` added where it was missing. */
  readonly text: string;
  readonly steps: readonly JsonPathStep[];
  /** A definite path names at most one place; an indefinite one (wildcard, slice, list, filter, `..`) any number. */
  readonly definite: boolean;
}

export type JsonPathResult =
  | { readonly ok: true; readonly path: JsonPath }
  | { readonly ok: false; readonly reason: string; readonly offset: number };

const LONGEST_PATH = 10_000;

/** Parses a path. `$`, `$.` and the braces form `{{$.a}}` are accepted. */
export function parseJsonPath(source: string): JsonPathResult {
  let text = source.trim();
  const braces = /^\{\{\s*(\$[^]*?)\s*\}\}$/.exec(text);
  if (braces?.[1] !== undefined) text = braces[1];
  if (text.length > LONGEST_PATH) return { ok: false, reason: "the path is too long", offset: 0 };
  if (text === "" || text === "$" || text === "$.") {
    return { ok: true, path: { text: "$", steps: [], definite: true } };
  }
  if (!text.startsWith("$")) text = `$.${text}`;
  return new Parser(text).parse();
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
      if (reason !== undefined) return { ok: false, reason, offset: this.#position };
    }
    const definite = this.#steps.every(isDefinite);
    return { ok: true, path: { text: this.#text, steps: this.#steps, definite } };
  }

  /** Reads one step and returns what is wrong with it. */
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
    while (this.#position < this.#text.length && !/[.[(]/.test(this.#text[this.#position] as string))
      this.#position++;
    const name = this.#text.slice(start, this.#position).trim();
    if (this.#text[this.#position] === "(") return `the function "${name}()" is not known`;
    if (name === "") return "a member name is missing";
    this.#steps.push({ kind: "member", name });
    return undefined;
  }

  #bracket(): string | undefined {
    const start = this.#position + 1;
    const end = closingBracket(this.#text, this.#position);
    if (end === undefined) return '"[" has no matching "]"';
    const inner = this.#text.slice(start, end).trim();
    const step = bracketStep(inner);
    if (step === undefined) return `"[${inner}]" is not an index, a name, a slice, a list, "*" or a filter`;
    this.#steps.push(step);
    this.#position = end + 1;
    return undefined;
  }
}

function bracketStep(inner: string): JsonPathStep | undefined {
  if (inner === "*") return { kind: "wildcard" };
  if (inner.startsWith("?")) return filterStep(inner);
  if (/^-?\d+$/.test(inner)) return { kind: "index", index: Number(inner) };
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inner);
  if (slice !== null)
    return { kind: "slice", start: optionalNumber(slice[1]), end: optionalNumber(slice[2]) };
  if (/^-?\d+(\s*,\s*-?\d+)+$/.test(inner)) {
    return { kind: "indexes", indexes: inner.split(",").map(Number) };
  }
  const names = quotedNames(inner);
  if (names === undefined) return undefined;
  const [only] = names;
  return names.length === 1 && only !== undefined
    ? { kind: "member", name: only }
    : { kind: "members", names };
}

function filterStep(inner: string): JsonPathStep | undefined {
  const expression = /^\?\s*\(([^]+)\)$/.exec(inner)?.[1];
  return expression === undefined ? undefined : { kind: "filter", expression };
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** `'a','b'` as its names, with `\` escaping the next character. */
function quotedNames(inner: string): string[] | undefined {
  const item = /\s*(?:'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)")\s*(,|$)/y;
  const names: string[] = [];
  while (item.lastIndex < inner.length) {
    const match = item.exec(inner);
    if (match === null) return undefined;
    names.push((match[1] ?? match[2] ?? "").replace(/\\([^])/g, "$1"));
    if (match[3] === "") return names;
  }
  return undefined;
}

/** The offset of the `]` that closes the `[` at `open`; quotes and nested brackets are skipped. */
function closingBracket(text: string, open: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let position = open; position < text.length; position++) {
    const character = text[position] as string;
    if (quote !== undefined) {
      if (character === "\\") position++;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "[") depth++;
    else if (character === "]" && --depth === 0) return position;
  }
  return undefined;
}

function isDefinite(step: JsonPathStep): boolean {
  return step.kind === "member" || step.kind === "members" || step.kind === "index";
}
