/** One step of a path. */
export type JsonPathStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "members"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: "wildcard" }
  | { readonly kind: "descendant" }
  | { readonly kind: "filter"; readonly filter: JsonPathFilter }
  /** Always the last one. */
  | FunctionStep;

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

/** The test of a filter, taken apart into operators and operands. */
export interface JsonPathFilter {
  /** The operators, with `_0`, `_1`, … in the places of the operands: `_0 < _1 && !_2`. */
  readonly expression: string;
  readonly operands: readonly FilterOperand[];
}

export type FilterOperand =
  | JsonPathOperand
  /** Path without a comparison: it tests whether it finds anything. */
  | { readonly kind: "exists"; readonly path: PathOperand }
  /** Test operator with its operands (language chapter 6.4). */
  | {
      readonly kind: "test";
      readonly operator: FilterTestOperator;
      readonly left: JsonPathOperand | ListOperand;
      readonly right: JsonPathOperand | ListOperand;
    }
  | { readonly kind: "match"; readonly left: JsonPathOperand; readonly pattern: PatternOperand };

/** Test operators. They stand between two operands, and are not comparisons. */
export const FILTER_TEST_OPERATORS = ["in", "nin", "subsetof", "anyof", "noneof", "size", "empty"] as const;

export type FilterTestOperator = (typeof FILTER_TEST_OPERATORS)[number];

export type Scalar = string | number | boolean | null;

export type JsonPathOperand = { readonly kind: "literal"; readonly value: Scalar } | PathOperand;

interface PathOperand {
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
  return kind === "member" || kind === "members" || kind === "index" || kind === "function";
}
