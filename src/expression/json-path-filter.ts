import { closingBracket } from "./closing-bracket.ts";
import type { FilterOperand, JsonPath, JsonPathFilter } from "./json-path-steps.ts";

/** What is wrong with a filter, as the end of an error message. */
export type FilterProblem = string;

/** Reads a path in a filter. */
export type ParsePath = (text: string) => JsonPath | FilterProblem;

/** An operator or a parenthesis as its text, or an operand. */
type Token = string | FilterOperand;

const COMPARISON = /^(?:[=!]==?|[<>]=?)$/;

/**
 * Parses what stands in the parentheses of `[?(…)]` (language chapter 6.4): comparisons of paths and literals, joined by
 * `&&`, `||`, `!` and parentheses. Its operands are taken out, so that whoever evaluates the operators sees no path, no
 * literal and no name of the file. Everything else is refused, calls and assignments above all.
 */
export function parseJsonPathFilter(source: string, parsePath: ParsePath): JsonPathFilter | FilterProblem {
  const tokens = tokenize(source, parsePath);
  if (typeof tokens === "string") return tokens;
  const problem = orderProblem(tokens);
  if (problem !== undefined) return problem;
  const operands: FilterOperand[] = [];
  const words = tokens.map((token, index) => {
    if (typeof token === "string") return token;
    const exists = !isComparison(tokens[index - 1]) && !isComparison(tokens[index + 1]);
    operands.push(token.kind === "path" ? { ...token, exists } : token);
    return `_${operands.length - 1}`;
  });
  return { expression: words.join(" "), operands };
}

function isComparison(token: Token | undefined): boolean {
  return typeof token === "string" && COMPARISON.test(token);
}

/** Everything but a path: spaces, an operator or parenthesis, a text, a number, a word. */
const TOKEN =
  /\s+|(?<operator>[=!]==?|[<>]=?|&&|\|\||[!()])|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])|(?<word>true|false|null)(?!\w)/sy;

function tokenize(source: string, parsePath: ParsePath): Token[] | FilterProblem {
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.length) {
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(source);
    if (found !== null) {
      position = TOKEN.lastIndex;
      const { operator, text, number, word } = found.groups ?? {};
      if (operator !== undefined) tokens.push(operator);
      else if (text !== undefined) tokens.push(literal(text.slice(1, -1).replace(/\\(.)/gs, "$1")));
      else if (number !== undefined) tokens.push(literal(Number(number)));
      else if (word !== undefined) tokens.push(literal(word === "null" ? null : word === "true"));
    } else if (source[position] === "@" || source[position] === "$") {
      const from = source[position] === "@" ? "element" : "root";
      const end = pathEnd(source, position + 1);
      const path = parsePath(`$${source.slice(position + 1, end)}`);
      if (typeof path === "string") return path;
      tokens.push({ kind: "path", from, path, exists: false });
      position = end;
    } else {
      const [word] = source.slice(position).split(/[\s(]/, 1);
      return `${JSON.stringify(word)} is not known in a filter`;
    }
  }
  return tokens;
}

function literal(value: string | number | boolean | null): FilterOperand {
  return { kind: "literal", value };
}

/** Where a path in a filter ends: at the first space, operator or parenthesis outside its brackets. */
function pathEnd(source: string, start: number): number {
  let position = start;
  while (position < source.length && !/[\s=!<>&|()]/.test(source[position] as string)) {
    if (source[position] === "[") position = closingBracket(source, position) ?? source.length;
    position++;
  }
  return Math.min(position, source.length);
}

/** Operands and operators must take turns, and parentheses must match. */
function orderProblem(tokens: readonly Token[]): FilterProblem | undefined {
  let depth = 0;
  let operandNext = true;
  for (const token of tokens) {
    const opens = token === "!" || token === "(";
    const isOperand = typeof token !== "string";
    if (operandNext !== (opens || isOperand)) {
      return isOperand
        ? "an operator is missing in the filter"
        : `${JSON.stringify(token)} stands in the wrong place of the filter`;
    }
    if (token === "(") depth++;
    if (token === ")" && --depth < 0) return 'a ")" of the filter has no "("';
    operandNext = opens || (!isOperand && token !== ")");
  }
  if (operandNext) return "the filter ends too early";
  return depth > 0 ? 'a "(" of the filter has no ")"' : undefined;
}
