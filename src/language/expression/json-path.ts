/**
 * JSONPath: RFC 9535, and the dialect of the language on top of it (chapter 6). It is parsed here once, so that a
 * malformed path is found when a file is loaded. Evaluation is `outputs/`.
 */

import { readFilter, readFunctionStep } from "./json-path-filter.ts";
import { readQuoted } from "./json-path-literal.ts";
import { readRelativeStep, requireRelative } from "./json-path-relative.ts";
import {
  createPath,
  type JsonPath,
  type JsonPathFilter,
  type JsonPathSelector,
  type JsonPathStep,
} from "./json-path-steps.ts";
import { type PathPlace, PathProblem, PathText } from "./path-text.ts";

export type { JsonPath, JsonPathStep } from "./json-path-steps.ts";

interface Problem {
  readonly ok: false;
  readonly reason: string;
}

type JsonPathResult = { readonly ok: true; readonly path: JsonPath } | Problem;
type FilterResult = { readonly ok: true; readonly filter: JsonPathFilter } | Problem;

const LONGEST_PATH = 10_000;

/** Parses a path of a file or an option, around which blanks may stand: a block of YAML ends with a line break. */
export function parseWrittenPath(source: string): JsonPathResult {
  return parseJsonPath(source.trim());
}

/**
 * Parses a path. `$` and `$.` are the root, and an empty path names nothing. A leading `@` stands for `$`, `{{$.a}}`
 * for `$.a`, and `a` for `$.a`.
 */
export function parseJsonPath(source: string): JsonPathResult {
  let text = withoutBraces(source);
  let before = source.indexOf(text);
  if (text.length > LONGEST_PATH) return { ok: false, reason: "the path is too long" };
  if (/^@(?=[.[]|$)/.test(text)) text = `$${text.slice(1)}`;
  if (text === "$.") text = "$";
  if (text === "" || text === "$") return { ok: true, path: { text, steps: [], definite: true } };
  if (!text.startsWith("$")) {
    text = `$.${text}`;
    before -= 2;
  }
  const result = parseText(text, before, path => {
    path.take("$");
    return readSteps(path, "whole");
  });
  return result.ok ? { ok: true, path: createPath(text, result.found) } : result;
}

/** Parses a filter that stands by itself, without brackets (language chapter 6.4). */
export function parseJsonPathFilter(text: string): FilterResult {
  const result = parseText(text, 0, path => readFilter(path, ""));
  return result.ok ? { ok: true, filter: result.found } : result;
}

/**
 * Parses a text. What the reader throws as a PathProblem is the reason of the result.
 *
 * @param before characters before the text where it was written, for the place in the reason
 */
function parseText<Found>(
  text: string,
  before: number,
  read: (path: PathText) => Found,
): Problem | { ok: true; found: Found } {
  try {
    return { ok: true, found: read(new PathText(text, readSteps)) };
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    return { ok: false, reason: error.message + placeOf(error, text, before) };
  }
}

function placeOf({ offset }: PathProblem, text: string, before: number): string {
  if (offset === undefined) return "";
  return offset < text.length ? ` (character ${Math.max(1, before + offset + 1)})` : " (at the end)";
}

function withoutBraces(text: string): string {
  if (!text.startsWith("{{") || !text.endsWith("}}")) return text;
  const inner = text.slice(2, -2).trim();
  return inner.startsWith("$") ? inner : text;
}

/** Reads the steps of a path. */
function readSteps(path: PathText, place: PathPlace): JsonPathStep[] {
  const steps: JsonPathStep[] = [];
  for (;;) {
    const end = path.position;
    path.skipBlanks();
    const relative = place === "whole" && steps.at(-1)?.kind !== "function" ? readRelativeStep(path) : undefined;
    if (relative !== undefined) {
      steps.push(relative);
      continue;
    }
    if (path.next !== "." && path.next !== "[") {
      if (place === "filter") {
        path.position = end;
        return steps;
      }
      if (!path.isAtEnd) throw path.problem(`${JSON.stringify(path.next)} stands where "." or "[" is expected`);
      if (path.position > end) throw path.problem("the path ends in a blank");
      requireRelative(steps);
      return steps;
    }
    if (steps.at(-1)?.kind === "function") throw path.problem("a function is not the last step");
    readStep(path, place, steps);
  }
}

function readStep(path: PathText, place: PathPlace, steps: JsonPathStep[]): void {
  if (path.take("..")) steps.push({ kind: "descendant" });
  else path.take(".");
  const relative = place === "whole" && steps.at(-1)?.kind === "descendant" ? readRelativeStep(path) : undefined;
  if (relative !== undefined) steps.push(relative);
  else if (path.next === "[") steps.push(readBrackets(path));
  else if (path.take("*")) steps.push({ kind: "wildcard" });
  else steps.push(readDotMember(path, place, steps));
}

/** The characters of a name; blanks within it, with more of the name after them. */
const WHOLE_NAME = /[^.[\](\s^~]+(?:[ \t\r\n]+[^.[\](\s^~]+)*/y;
const FILTER_NAME = /[^.[\]()\s,=!<>&|'"*+/%]+/y;

function readDotMember(path: PathText, place: PathPlace, steps: readonly JsonPathStep[]): JsonPathStep {
  const start = path.position;
  const name = path.match(place === "whole" ? WHOLE_NAME : FILTER_NAME)?.[0] ?? "";
  const type = place === "whole" && path.next === "(" ? name.lastIndexOf("@") : -1;
  if (type > 0) {
    // The selector of a type follows its name without a dot.
    path.position = start + type;
    return { kind: "member", name: name.slice(0, type) };
  }
  if (path.next === "(") return readFunctionStep(path, name, steps, start);
  if (name === "") throw path.problem("a member name is missing");
  return { kind: "member", name };
}

function readBrackets(path: PathText): JsonPathStep {
  const start = path.position;
  const selectors: JsonPathSelector[] = [];
  path.take("[");
  do {
    path.skipBlanks();
    selectors.push(readSelector(path, start));
    path.skipBlanks();
  } while (path.take(","));
  if (!path.take("]")) throw path.problem(bracketsProblem(path, start), start);
  const [only] = selectors;
  return selectors.length === 1 && only !== undefined ? only : { kind: "union", selectors };
}

const SLICE_COLON = /[ \t\r\n]*:[ \t\r\n]*/y;

function readSelector(path: PathText, start: number): JsonPathSelector {
  const name = readQuoted(path);
  if (name !== undefined) return { kind: "member", name };
  if (path.take("*")) return { kind: "wildcard" };
  if (path.take("?")) return { kind: "filter", filter: path.nested(() => readFilter(path, "]")) };
  const first = readInteger(path);
  if (path.match(SLICE_COLON) !== undefined) {
    const end = readInteger(path);
    const step = path.match(SLICE_COLON) === undefined ? undefined : readInteger(path);
    return { kind: "slice", start: first, end, step: step ?? 1 };
  }
  if (first === undefined) throw path.problem(bracketsProblem(path, start), start);
  return { kind: "index", index: first };
}

/** Digits as people write them. RFC 9535 has no leading zeros and no `-0`. */
const INTEGER = /-?\d+/y;

function readInteger(path: PathText): number | undefined {
  const start = path.position;
  const text = path.match(INTEGER)?.[0];
  if (text === undefined) return undefined;
  if (!/^(?:0|-?[1-9]\d*)$/.test(text))
    throw path.problem(`${shown(text)} is not an index: write ${Number(text) || 0}`, start);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw path.problem(`${shown(text)} is too large for an index`, start);
  return value;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function bracketsProblem(path: PathText, start: number): string {
  const end = path.text.indexOf("]", path.position);
  if (end < 0) return '"[" has no matching "]"';
  const text = shown(path.text.slice(start, end + 1));
  const hint = bracketsHint(text);
  return `"${text}" is not an index, a name in quotes, a slice, a list of these, "*" or a filter${hint}`;
}

/** Tells what is meant, by the forms of other dialects. */
function bracketsHint(text: string): string {
  if (text.includes("@.length")) return ": the last element is [-1]";
  if (text === "[]") return ": all elements are [*]";
  const name = /^\[([\w-]+)\]$/.exec(text)?.[1];
  return name === undefined || !/[A-Za-z]/.test(name) ? "" : `: the member is ['${name}']`;
}
