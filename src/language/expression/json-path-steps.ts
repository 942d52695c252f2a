/** One step of a path. */
export type JsonPathStep =
  | JsonPathSelector
  /** Several selectors in a pair of brackets: the values of the first, then those of the next. */
  | { readonly kind: "union"; readonly selectors: readonly JsonPathSelector[] }
  /** The value itself and all lists and objects below it. The step after it selects from each. */
  | { readonly kind: "descendant" }
  | RelativeStep
  /** Always the last one. */
  | FunctionStep;

/** Selector of RFC 9535, 2.3. */
export type JsonPathSelector =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | {
      readonly kind: "slice";
      readonly start: number | undefined;
      readonly end: number | undefined;
      readonly step: number;
    }
  | { readonly kind: "wildcard" }
  | { readonly kind: "filter"; readonly filter: JsonPathFilter };

/** Step of JSONPath Plus, which tells of a value where it stands or what it is. */
export type RelativeStep =
  /** `^`: the list or object that holds the value. */
  | { readonly kind: "parent" }
  /** `~`: its name or index. */
  | { readonly kind: "key" }
  /** `@number()`: the value if it is of the type. */
  | { readonly kind: "type"; readonly type: JsonPathType };

/** The type selectors of JSONPath Plus, but for those of JavaScript alone. */
export const JSON_PATH_TYPES = [
  "null",
  "boolean",
  "number",
  "integer",
  "nonFinite",
  "string",
  "scalar",
  "array",
  "object",
] as const;

export type JsonPathType = (typeof JSON_PATH_TYPES)[number];

/** Function of the values that the steps before it find. */
export interface FunctionStep {
  readonly kind: "function";
  readonly name: JsonPathFunction;
  readonly args: readonly JsonPathOperand[];
  /** Whether it is applied to the list of all values and not to each: there is a descent before it. */
  readonly collects: boolean;
}

/** The functions of the language (chapter 6.3). */
export const JSON_PATH_FUNCTIONS = [
  "length",
  "size",
  "min",
  "max",
  "avg",
  "sum",
  "stddev",
  "concat",
  "append",
  "keys",
  "first",
  "last",
  "index",
] as const;

export type JsonPathFunction = (typeof JSON_PATH_FUNCTIONS)[number];

export interface JsonPath {
  /** Text as written, without braces and spaces around it, and with the leading `$.` added if it was missing. */
  readonly text: string;
  readonly steps: readonly JsonPathStep[];
  /** Whether it names at most one place. An indefinite path (wildcard, slice, list, filter, `..`) names any number. */
  readonly definite: boolean;
}

/** The test of a filter (RFC 9535, 2.3.5, and language chapter 6.4). */
export type JsonPathFilter =
  | { readonly kind: "or"; readonly tests: readonly JsonPathFilter[] }
  | { readonly kind: "and"; readonly tests: readonly JsonPathFilter[] }
  | { readonly kind: "not"; readonly test: JsonPathFilter }
  /** Path without a comparison: it tests whether it finds anything. */
  | { readonly kind: "exists"; readonly path: PathOperand }
  | {
      readonly kind: "comparison";
      readonly operator: Comparison;
      readonly left: JsonPathOperand;
      readonly right: JsonPathOperand;
    }
  /** Test operator with its operands (language chapter 6.4). */
  | {
      readonly kind: "test";
      readonly operator: FilterTestOperator;
      readonly left: JsonPathOperand | ListOperand;
      readonly right: JsonPathOperand | ListOperand;
    }
  /** `=~ /re/i` */
  | { readonly kind: "match"; readonly left: JsonPathOperand; readonly pattern: PatternOperand }
  | { readonly kind: "call"; readonly call: FilterCall };

export type Comparison = "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=";

/** Test operators. They stand between two operands, and are not comparisons. */
export const FILTER_TEST_OPERATORS = ["in", "nin", "subsetof", "anyof", "noneof", "size", "empty"] as const;

export type FilterTestOperator = (typeof FILTER_TEST_OPERATORS)[number];

export type FilterFunction = "length" | "count" | "value" | "match" | "search";

interface FilterFunctionType {
  /** `nodes` are all values that a path finds; a `value` is a literal, or found at one place at most. */
  readonly parameters: readonly ("value" | "nodes")[];
  readonly result: "value" | "truth";
}

/** The functions of filters (RFC 9535, 2.4): kinds of their parameters, and of their results. */
export const FILTER_FUNCTIONS: Readonly<Record<FilterFunction, FilterFunctionType>> = {
  length: { parameters: ["value"], result: "value" },
  count: { parameters: ["nodes"], result: "value" },
  value: { parameters: ["nodes"], result: "value" },
  match: { parameters: ["value", "value"], result: "truth" },
  search: { parameters: ["value", "value"], result: "truth" },
};

/** Call of a function of filters: `length(@.a)`. */
export interface FilterCall {
  readonly kind: "call";
  readonly name: FilterFunction;
  readonly args: readonly JsonPathOperand[];
}

export type Scalar = string | number | bigint | boolean | null;

export type JsonPathOperand = LiteralOperand | PathOperand | FilterCall;

interface LiteralOperand {
  readonly kind: "literal";
  readonly value: Scalar;
}

export interface PathOperand {
  readonly kind: "path";
  /** `@` stands for the element that is tested, or the value of a function; `$` for the whole document. */
  readonly from: "element" | "root";
  readonly path: JsonPath;
}

/** `['a', 1]` */
export interface ListOperand {
  readonly kind: "list";
  readonly values: readonly Scalar[];
}

/** `/re/i` */
export interface PatternOperand {
  readonly kind: "pattern";
  readonly source: string;
  readonly flags: string;
}

/** Tells whether a step names at most one place for each it starts from. */
export function isDefinite({ kind }: JsonPathStep): boolean {
  return kind === "member" || kind === "index" || kind === "function" || isRelative({ kind });
}

/** Tells whether a step is one that other steps cannot stand in for: it needs to know where values stand. */
export function isRelative({ kind }: Pick<JsonPathStep, "kind">): boolean {
  return kind === "parent" || kind === "key" || kind === "type";
}

/** Creates a path of its steps. */
export function createPath(text: string, steps: readonly JsonPathStep[]): JsonPath {
  const last = steps.at(-1);
  return { text, steps, definite: steps.every(isDefinite) || (last?.kind === "function" && last.collects) };
}
