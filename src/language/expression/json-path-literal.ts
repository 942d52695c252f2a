import type { PatternOperand, Scalar } from "./json-path-steps.ts";
import { PathProblem, type PathText } from "./path-text.ts";

const SINGLE_QUOTED = /'((?:[ -&(-[\]-\uffff]|\\(?:[bfnrt/\\']|u[0-9A-Fa-f]{4}))*)'/y;
const DOUBLE_QUOTED = /"((?:[ !#-[\]-\uffff]|\\(?:[bfnrt/\\"]|u[0-9A-Fa-f]{4}))*)"/y;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|(.))/g;
const LONE_SURROGATE = /\p{Surrogate}/u;
const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Reads a text in quotes (RFC 9535, 2.3.1.1). Returns `undefined` if no quote comes next. */
export function readQuoted(source: PathText): string | undefined {
  const quote = source.next;
  if (quote !== "'" && quote !== '"') return undefined;
  const start = source.position;
  const inner = source.match(quote === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED)?.[1];
  if (inner === undefined) throw source.problem(quotedProblem(source.text.slice(start)), start);
  if (!inner.includes("\\")) return inner;
  const value = inner.replace(ESCAPE, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (CONTROLS[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (LONE_SURROGATE.test(value))
    throw source.problem(`${quote}${inner}${quote} holds half of a surrogate pair`, start);
  return value;
}

/** Says what is wrong with a text that begins with a quote. */
function quotedProblem(text: string): string {
  const quote = text[0] as string;
  for (let position = 1; position < text.length; position++) {
    const character = text[position] as string;
    if (character === quote) break;
    if (character < " ") return `a text holds a control character: it is written ${controlEscape(character)}`;
    if (character !== "\\") continue;
    const written = /^\\(?:u[0-9A-Fa-f]{0,4}|.)?/s.exec(text.slice(position, position + 6))?.[0] ?? "\\";
    const isKnown = written[1] === quote || /^\\(?:[bfnrt/\\]|u.{4})$/.test(written);
    if (!isKnown) return `the escape ${written.length > 1 ? written.replace(/\s/, " ") : "\\"} is not known`;
    position += written.length - 1;
  }
  return `a text has no closing ${quote}`;
}

function controlEscape(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}

const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?(?![\w.])/y;
const WORD = /(true|false|null)(?![\w.(])/y;

/** Reads a text, a number, `true`, `false` or `null`. Returns `undefined` if none of them comes next. */
export function readLiteral(source: PathText): { readonly value: Scalar } | undefined {
  const quoted = readQuoted(source);
  if (quoted !== undefined) return { value: quoted };
  const number = source.match(NUMBER);
  if (number !== undefined) return { value: numberOf(number) };
  const word = source.match(WORD)?.[1];
  return word === undefined ? undefined : { value: word === "null" ? null : word === "true" };
}

/** Returns a number. An integer that a double cannot hold keeps its digits. */
function numberOf([text, integer, fraction, exponent]: RegExpExecArray): number | bigint {
  const number = Number(text);
  const isExact = Number.isSafeInteger(number) || fraction !== undefined || exponent !== undefined;
  return isExact ? number : BigInt(integer as string);
}

/** Reads `['a', 1]`. */
export function readList(source: PathText): readonly Scalar[] {
  const start = source.position;
  const values: Scalar[] = [];
  source.take("[");
  source.skipBlanks();
  while (!source.take("]")) {
    const literal = readLiteral(source);
    if (literal === undefined) throw source.problem(listProblem(source.text, start), start);
    values.push(literal.value);
    source.skipBlanks();
    if (source.next !== "]" && !source.take(",")) throw source.problem(listProblem(source.text, start), start);
    source.skipBlanks();
  }
  return values;
}

function listProblem(text: string, start: number): string {
  const end = text.indexOf("]", start);
  return end < 0
    ? '"[" has no matching "]"'
    : `${JSON.stringify(text.slice(start, end + 1))} is not a list of literals`;
}

/** The delimiters, a class, an escaped character, anything else; flags. */
const PATTERN = /\/(?<source>(?:\[(?:[^\]\\\n]|\\.)*\]|\\.|[^/\\\n[])+)\/(?<flags>[a-z]*)/y;

/** Constructs that engines without backtracking lack. */
const BACKTRACKING = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/** Reads `/re/i`. */
export function readPattern(source: PathText): PatternOperand {
  const start = source.position;
  const { source: pattern, flags = "" } = source.match(PATTERN)?.groups ?? {};
  if (pattern === undefined) throw source.problem('"=~" is followed by no pattern: it is written /…/');
  if (/[^ims]/.test(flags)) throw source.problem(`the pattern /${pattern}/ has the unknown flags "${flags}"`, start);
  requirePattern(pattern, flags, start);
  return { kind: "pattern", source: pattern, flags };
}

/** @throws PathProblem for a pattern that is malformed, or that engines without backtracking lack */
export function requirePattern(pattern: string, flags: string, start: number): void {
  if (BACKTRACKING.test(pattern))
    throw new PathProblem(`the pattern /${pattern}/ looks around or refers back, which is not supported`, start);
  try {
    new RegExp(pattern, flags);
  } catch {
    throw new PathProblem(`the pattern /${pattern}/ is malformed`, start);
  }
}
