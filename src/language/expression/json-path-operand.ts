import { closingBracket } from "./closing-bracket.ts";
import type { JsonPath, JsonPathOperand, ListOperand, PatternOperand, Scalar } from "./json-path-steps.ts";

/** Problem with a part of a path, as the end of an error message. */
export type Problem = string;

/** Reads a path within a path. */
export type ParsePath = (text: string) => JsonPath | Problem;

/** Operand that was read, and the offset of its end. */
interface Found<Operand> {
  readonly operand: Operand;
  readonly end: number;
}

/** A text, a number, a word. */
const LITERAL =
  /(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])|(?<word>true|false|null)(?!\w)/sy;

/** Reads a literal or a path at a place. Returns `undefined` if neither stands there. */
export function readOperand(
  source: string,
  position: number,
  parsePath: ParsePath,
): Found<JsonPathOperand> | Problem | undefined {
  const literal = readLiteral(source, position);
  if (literal !== undefined) return { operand: { kind: "literal", value: literal.operand }, end: literal.end };
  const start = source[position];
  if (start !== "@" && start !== "$") return undefined;
  const end = pathEnd(source, position + 1);
  const path = parsePath(`$${source.slice(position + 1, end)}`);
  if (typeof path === "string") return path;
  return { operand: { kind: "path", from: start === "@" ? "element" : "root", path }, end };
}

/** Reads operands with commas between them. */
export function readOperands(source: string, parsePath: ParsePath): readonly JsonPathOperand[] | Problem {
  const operands: JsonPathOperand[] = [];
  let position = skipSpaces(source, 0);
  while (position < source.length) {
    const found = readOperand(source, position, parsePath);
    if (typeof found === "string") return found;
    if (found === undefined) return `${JSON.stringify(source.slice(position))} is neither a literal nor a path`;
    operands.push(found.operand);
    position = skipSpaces(source, found.end);
    if (position >= source.length) break;
    if (source[position] !== ",") return `${JSON.stringify(source.slice(position))} stands where "," is expected`;
    position = skipSpaces(source, position + 1);
    if (position >= source.length) return "an argument is missing";
  }
  return operands;
}

/** Reads `['a', 1]` at a place. */
export function readList(source: string, position: number): Found<ListOperand> | Problem {
  const end = closingBracket(source, position);
  if (end === undefined) return '"[" has no matching "]"';
  const values: Scalar[] = [];
  let next = skipSpaces(source, position + 1);
  while (next < end) {
    const literal = readLiteral(source, next);
    if (literal === undefined) return `"${source.slice(position, end + 1)}" is not a list of literals`;
    values.push(literal.operand);
    next = skipSpaces(source, literal.end);
    if (next < end && source[next] !== ",") return `"${source.slice(position, end + 1)}" is not a list of literals`;
    next = skipSpaces(source, next + 1);
  }
  return { operand: { kind: "list", values }, end: end + 1 };
}

/** The delimiters, a class, an escaped character, anything else; flags. */
const PATTERN = /\/(?<source>(?:\[(?:[^\]\\\n]|\\.)*\]|\\.|[^/\\\n[])+)\/(?<flags>[a-z]*)/y;

/** Constructs that engines without backtracking lack. */
const BACKTRACKING = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/** Reads `/re/i` at a place. */
export function readPattern(source: string, position: number): Found<PatternOperand> | Problem {
  PATTERN.lastIndex = position;
  const { source: pattern, flags = "" } = PATTERN.exec(source)?.groups ?? {};
  if (pattern === undefined) return '"=~" is followed by no pattern: it is written /…/';
  if (/[^ims]/.test(flags)) return `the pattern /${pattern}/ has the unknown flags "${flags}"`;
  if (BACKTRACKING.test(pattern)) return `the pattern /${pattern}/ looks around or refers back, which is not supported`;
  try {
    new RegExp(pattern, flags);
  } catch {
    return `the pattern /${pattern}/ is malformed`;
  }
  return { operand: { kind: "pattern", source: pattern, flags }, end: PATTERN.lastIndex };
}

function readLiteral(source: string, position: number): Found<Scalar> | undefined {
  LITERAL.lastIndex = position;
  const { text, number, word } = LITERAL.exec(source)?.groups ?? {};
  const end = LITERAL.lastIndex;
  if (text !== undefined) return { operand: text.slice(1, -1).replace(/\\(.)/gs, "$1"), end };
  if (number !== undefined) return { operand: Number(number), end };
  if (word !== undefined) return { operand: word === "null" ? null : word === "true", end };
  return undefined;
}

/**
 * Returns where a path ends: at the first space, comma, operator or parenthesis outside its brackets and its function.
 */
function pathEnd(source: string, start: number): number {
  let position = start;
  while (position < source.length && !/[\s,=!<>&|)]/.test(source[position] as string)) {
    if (source[position] === "[") position = closingBracket(source, position) ?? source.length;
    if (source[position] === "(") return (closingBracket(source, position, "()") ?? source.length - 1) + 1;
    position++;
  }
  return Math.min(position, source.length);
}

function skipSpaces(source: string, position: number): number {
  let next = position;
  while (next < source.length && /\s/.test(source[next] as string)) next++;
  return next;
}
