import { type ParsePath, type Problem, readList, readOperand, readPattern } from "./json-path-operand.ts";
import {
  FILTER_TEST_OPERATORS,
  type FilterOperand,
  type FilterTestOperator,
  type JsonPathFilter,
  type JsonPathOperand,
  type ListOperand,
  type PatternOperand,
} from "./json-path-steps.ts";

/** Token of a filter: an operator or a parenthesis as its text, or an operand. */
type Token = string | FilterOperand | ListOperand | PatternOperand;

const COMPARISON = /^(?:[=!]==?|[<>]=?)$/;

/**
 * Parses the content of `[?(…)]` (language chapter 6.4): comparisons and tests of paths and literals, joined by `&&`,
 * `||`, `!` and parentheses. Its operands are taken out, so that the evaluator of the operators sees no path, no
 * literal and no name of the file. Everything else is refused, calls and assignments above all.
 */
export function parseJsonPathFilter(source: string, parsePath: ParsePath): JsonPathFilter | Problem {
  const tokens = tokenize(source, parsePath);
  if (typeof tokens === "string") return tokens;
  const tested = joinTests(tokens);
  if (typeof tested === "string") return tested;
  const problem = orderProblem(tested);
  if (problem !== undefined) return problem;
  const operands: FilterOperand[] = [];
  const words = tested.map((token, index) => {
    if (typeof token === "string") return token;
    const isCompared = isComparison(tested[index - 1]) || isComparison(tested[index + 1]);
    operands.push(token.kind === "path" && !isCompared ? { kind: "exists", path: token } : token);
    return `_${operands.length - 1}`;
  });
  return { expression: words.join(" "), operands };
}

function isComparison(token: Token | undefined): boolean {
  return typeof token === "string" && COMPARISON.test(token);
}

/** Spaces, an operator or parenthesis, an operator that is a word. */
const OPERATOR = new RegExp(
  `\\s+|(?<symbol>=~|[=!]==?|[<>]=?|&&|\\|\\||[!()])|(?<word>${FILTER_TEST_OPERATORS.join("|")})(?!\\w)`,
  "y",
);

function tokenize(source: string, parsePath: ParsePath): Token[] | Problem {
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.length) {
    OPERATOR.lastIndex = position;
    const operator = OPERATOR.exec(source);
    if (operator !== null) {
      const { symbol, word } = operator.groups ?? {};
      if (symbol !== undefined || word !== undefined) tokens.push(symbol ?? (word as string));
      position = OPERATOR.lastIndex;
      continue;
    }
    const found =
      source[position] === "["
        ? readList(source, position)
        : tokens.at(-1) === "=~"
          ? readPattern(source, position)
          : readOperand(source, position, parsePath);
    if (typeof found === "string") return found;
    if (found === undefined) {
      const [word] = source.slice(position).split(/[\s(]/, 1);
      return `${JSON.stringify(word)} is not known in a filter`;
    }
    tokens.push(found.operand);
    position = found.end;
  }
  return tokens;
}

/** Joins each test operator with its operands. Comparisons stay apart. */
function joinTests(tokens: readonly Token[]): (string | FilterOperand)[] | Problem {
  const joined: (string | FilterOperand)[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const next = tokens[index + 1];
    if (isTest(token)) return misplaced(token);
    if (!isTest(next)) {
      if (typeof token !== "string" && (token.kind === "list" || token.kind === "pattern"))
        return "a list or a pattern stands in the wrong place of the filter";
      joined.push(token);
      continue;
    }
    const test = joinTest(token, next, tokens[index + 2]);
    if (typeof test === "string") return test;
    joined.push(test);
    index += 2;
  }
  return joined;
}

function joinTest(left: Token, operator: string, right: Token | undefined): FilterOperand | Problem {
  if (!isValue(left)) return misplaced(operator);
  if (right === undefined) return "the filter ends too early";
  if (operator === "=~") {
    return typeof right === "string" || right.kind !== "pattern" || left.kind === "list"
      ? misplaced(operator)
      : { kind: "match", left, pattern: right };
  }
  return isValue(right) ? { kind: "test", operator: operator as FilterTestOperator, left, right } : misplaced(operator);
}

function misplaced(operator: string): Problem {
  return `"${operator}" stands in the wrong place of the filter`;
}

function isTest(token: Token | undefined): token is string {
  return token === "=~" || FILTER_TEST_OPERATORS.some(operator => operator === token);
}

function isValue(token: Token | undefined): token is JsonPathOperand | ListOperand {
  return typeof token === "object" && (token.kind === "literal" || token.kind === "path" || token.kind === "list");
}

/** Most levels of parentheses. */
const MOST_PARENTHESES = 100;

/** Checks that operands and operators take turns and that parentheses match. */
function orderProblem(tokens: readonly (string | FilterOperand)[]): Problem | undefined {
  let depth = 0;
  let operandNext = true;
  for (const token of tokens) {
    const opens = token === "!" || token === "(";
    const isOperand = typeof token !== "string";
    if (operandNext !== (opens || isOperand)) {
      return isOperand ? "an operator is missing in the filter" : misplaced(token);
    }
    if (token === "(" && ++depth > MOST_PARENTHESES) return "the filter nests too many parentheses";
    if (token === ")" && --depth < 0) return 'a ")" of the filter has no "("';
    operandNext = opens || (!isOperand && token !== ")");
  }
  if (operandNext) return "the filter ends too early";
  return depth > 0 ? 'a "(" of the filter has no ")"' : undefined;
}
