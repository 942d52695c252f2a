import { callHint, operandHint, operatorHint, stepHint, wordHint } from "./json-path-hints.ts";
import { readList, readLiteral, readPattern, requirePattern } from "./json-path-literal.ts";
import {
  type Comparison,
  createPath,
  FILTER_FUNCTIONS,
  FILTER_TEST_OPERATORS,
  type FilterCall,
  type FilterFunction,
  type FunctionStep,
  JSON_PATH_FUNCTIONS,
  type JsonPathFilter,
  type JsonPathOperand,
  type JsonPathStep,
  type ListOperand,
  type PathOperand,
} from "./json-path-steps.ts";
import { PathProblem, type PathText } from "./path-text.ts";

/** What ends a filter: a bracket or a comma, a parenthesis, the end of the text. */
type FilterEnd = "]" | ")" | "";

/** Reads the test of a filter: `||` binds least, then `&&`, then `!`. Blanks around it are read too. */
export function readFilter(path: PathText, end: FilterEnd): JsonPathFilter {
  const tests = readJoined(path, "||", readConjunction);
  const isEnd = path.isAtEnd || (end !== "" && (path.next === end || (end === "]" && path.next === ",")));
  if (!isEnd) throw unexpected(path);
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { kind: "or", tests };
}

function readConjunction(path: PathText): JsonPathFilter {
  const tests = readJoined(path, "&&", readTest);
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { kind: "and", tests };
}

function readJoined(path: PathText, operator: string, read: (path: PathText) => JsonPathFilter): JsonPathFilter[] {
  const tests: JsonPathFilter[] = [];
  do {
    path.skipBlanks();
    tests.push(read(path));
    path.skipBlanks();
  } while (path.take(operator));
  return tests;
}

/** Says what is wrong where a test has ended and something else stands. */
function unexpected(path: PathText): PathProblem {
  const start = path.position;
  if (path.next === ")") return path.problem('a ")" of the filter has no "("');
  if (path.next === "]") return path.problem('a "(" of the filter has no ")"');
  const operator = path.match(OPERATOR)?.[0] ?? path.match(NO_OPERATOR)?.[0];
  if (operator === undefined) {
    const word = path.word();
    return path.problem(`an operator is missing in the filter before ${JSON.stringify(word)}${operatorHint(word)}`);
  }
  return path.problem(
    operator.startsWith("=") && wordHint(operator) !== "" ? noComparison(operator) : misplaced(operator),
    start,
  );
}

/** Operators of other languages. */
const NO_OPERATOR = /=[<>!]?|[!&|]/y;

function noComparison(operator: string): string {
  return `"${operator}" is no comparison${wordHint(operator)}`;
}

function misplaced(operator: string): string {
  return `"${operator}" stands in the wrong place of the filter${wordHint(operator)}`;
}

function readTest(path: PathText): JsonPathFilter {
  if (!path.take("!")) return path.next === "(" ? readParentheses(path) : readOperatorTest(path);
  path.skipBlanks();
  if (path.next === "(") return { kind: "not", test: readParentheses(path) };
  if (path.next === "!") throw path.problem(misplaced("!"));
  const test = readOperatorTest(path);
  if (test.kind === "exists" || test.kind === "call") return { kind: "not", test };
  throw path.problem('"!" stands before a comparison or a test: write !(…)');
}

function readParentheses(path: PathText): JsonPathFilter {
  path.take("(");
  const test = path.nested(() => readFilter(path, ")"));
  if (!path.take(")")) throw path.problem('a "(" of the filter has no ")"');
  return test;
}

const OPERATOR = new RegExp(`=~|[=!]==?|[<>]=?|&&|\\|\\||(?:${FILTER_TEST_OPERATORS.join("|")})(?!\\w)`, "y");

/** Reads operands with an operator between them, or something that is a test by itself. */
function readOperatorTest(path: PathText): JsonPathFilter {
  const start = path.position;
  const left = readOperand(path);
  const end = path.position;
  path.skipBlanks();
  const operator = path.match(OPERATOR)?.[0];
  if (operator === undefined || operator === "&&" || operator === "||") {
    path.position = end;
    return testOf(left, start);
  }
  path.skipBlanks();
  if (operator === "=~") {
    if (path.isAtEnd || path.next === "]" || path.next === ")") throw path.problem(TOO_EARLY);
    return { kind: "match", left: requireNoList(left, operator, start), pattern: readPattern(path) };
  }
  const second = path.position;
  if (operator === "<" && path.next === ">") throw path.problem(noComparison("<>"), second - 1);
  const right = readOperand(path);
  const test = FILTER_TEST_OPERATORS.find(known => known === operator);
  if (test !== undefined)
    return { kind: "test", operator: test, left: asOperand(left, start), right: asOperand(right, second) };
  return {
    kind: "comparison",
    operator: operator as Comparison,
    left: requireOne(requireNoList(left, operator, start), start),
    right: requireOne(requireNoList(right, operator, second), second),
  };
}

const TOO_EARLY = "the filter ends too early";

/** Checks what stands by itself: a path, or a function that is true or false. */
function testOf(operand: JsonPathOperand | ListOperand, start: number): JsonPathFilter {
  if (operand.kind === "path") return { kind: "exists", path: operand };
  if (operand.kind === "call") {
    if (FILTER_FUNCTIONS[operand.name].result === "truth") return { kind: "call", call: operand };
    throw new PathProblem(`the result of "${operand.name}()" is not compared with anything`, start);
  }
  throw new PathProblem("a literal or a list stands by itself in the filter: compare it with something", start);
}

/** Checks an operand of `in` and its like, which may be the list of all that a path finds. */
function asOperand(operand: JsonPathOperand | ListOperand, start: number): JsonPathOperand | ListOperand {
  return operand.kind === "call" ? requireOne(operand, start) : operand;
}

function requireNoList(operand: JsonPathOperand | ListOperand, operator: string, start: number): JsonPathOperand {
  if (operand.kind === "list")
    throw new PathProblem(`a list stands in the wrong place of the filter, at "${operator}"`, start);
  return operand;
}

/** Checks that an operand is one value at most: RFC 9535 has no comparison of several (2.3.5.1). */
function requireOne(operand: JsonPathOperand, start: number): JsonPathOperand {
  if (operand.kind === "path" && !operand.path.definite)
    throw new PathProblem(
      `${shown(operand)} may find several values, which cannot be compared: use value(${shown(operand)}) or count(…)`,
      start,
    );
  if (operand.kind === "call" && FILTER_FUNCTIONS[operand.name].result === "truth")
    throw new PathProblem(`"${operand.name}()" is true or false by itself, and is not compared`, start);
  return operand;
}

function shown({ from, path: { text } }: PathOperand): string {
  const written = `${from === "element" ? "@" : "$"}${text.slice(1)}`;
  return written.length > 40 ? `${written.slice(0, 40)}…` : written;
}

const CALL = /([A-Za-z_][\w.]*)\(/y;

/** Reads a literal, a list, a path or a call. */
function readOperand(path: PathText): JsonPathOperand | ListOperand {
  if (path.next === "[") return { kind: "list", values: readList(path) };
  const operand = readValue(path);
  if (operand !== undefined) return operand;
  const start = path.position;
  const call = path.match(CALL)?.[1];
  if (call !== undefined) return readCall(path, call, start);
  if (path.isAtEnd || path.next === "]" || path.next === ")") throw path.problem(TOO_EARLY);
  const operator = path.match(OPERATOR)?.[0];
  throw path.problem(
    operator === undefined
      ? `${JSON.stringify(path.word())} is not known in a filter${operandHint(path.word())}`
      : misplaced(operator),
    start,
  );
}

/** Reads a literal or a path. */
function readValue(path: PathText): JsonPathOperand | undefined {
  const literal = readLiteral(path);
  if (literal !== undefined) return { kind: "literal", value: literal.value };
  const start = path.position;
  const from = path.take("@") ? "element" : path.take("$") ? "root" : undefined;
  if (from === undefined) return undefined;
  const steps = path.readSteps(path, "filter");
  return { kind: "path", from, path: createPath(`$${path.text.slice(start + 1, path.position)}`, steps) };
}

/** Reads the arguments of a function of filters, and checks them as RFC 9535 does (2.4.3). */
function readCall(path: PathText, written: string, start: number): FilterCall {
  if (!Object.hasOwn(FILTER_FUNCTIONS, written))
    throw path.problem(`"${written}()" is not known in a filter${callHint(written)}`, start);
  const name = written as FilterFunction;
  const args = readArguments(path, name, readOperandOfCall);
  const { parameters } = FILTER_FUNCTIONS[name];
  if (args.length !== parameters.length)
    throw path.problem(
      `"${name}()" takes ${parameters.length === 1 ? "1 argument" : `${parameters.length} arguments`}`,
      start,
    );
  parameters.forEach((kind, index) => {
    const arg = args[index] as JsonPathOperand;
    if (kind === "value") requireOne(arg, start);
    else if (arg.kind !== "path") throw path.problem(`the argument of "${name}()" is not a path`, start);
  });
  const pattern = args[1];
  if (pattern?.kind === "literal" && typeof pattern.value === "string") requirePattern(pattern.value, "", start);
  return { kind: "call", name, args };
}

function readOperandOfCall(path: PathText): JsonPathOperand | undefined {
  const operand = readValue(path);
  if (operand !== undefined) return operand;
  const start = path.position;
  const call = path.match(CALL)?.[1];
  return call === undefined ? undefined : readCall(path, call, start);
}

/** Reads the arguments of a function that is the last step of a path (language chapter 6.3), behind its name. */
export function readFunctionStep(
  path: PathText,
  written: string,
  steps: readonly JsonPathStep[],
  start: number,
): FunctionStep {
  const name = JSON_PATH_FUNCTIONS.find(known => known === written);
  if (name === undefined) throw path.problem(`the function "${written}()" is not known${stepHint(written)}`, start);
  path.take("(");
  const args = readArguments(path, name, readValue);
  const collects = steps.some(({ kind }) => kind === "descendant");
  return { kind: "function", name, args, collects };
}

/** Reads arguments with commas between them, and the closing parenthesis. */
function readArguments(
  path: PathText,
  name: string,
  read: (path: PathText) => JsonPathOperand | undefined,
): JsonPathOperand[] {
  return path.nested(() => {
    const args: JsonPathOperand[] = [];
    path.skipBlanks();
    if (path.take(")")) return args;
    do {
      path.skipBlanks();
      if (path.next === ")") throw path.problem(`an argument of "${name}()" is missing`);
      const arg = read(path);
      if (arg === undefined)
        throw path.problem(
          path.isAtEnd
            ? `the arguments of "${name}(" have no ")"`
            : `of the arguments of "${name}()" ${JSON.stringify(path.word())} is neither a literal nor a path`,
        );
      args.push(arg);
      path.skipBlanks();
    } while (path.take(","));
    if (path.take(")")) return args;
    throw path.problem(
      path.isAtEnd
        ? `the arguments of "${name}(" have no ")"`
        : `of the arguments of "${name}()" ${JSON.stringify(path.word())} stands where "," is expected`,
    );
  });
}
