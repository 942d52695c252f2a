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

/** A function of what the steps before it find. */
export interface FunctionStep {
  readonly kind: "function";
  readonly name: JsonPathFunction;
  readonly args: readonly JsonPathOperand[];
  /** It is applied to the list of all that is found, not to each: there is a descent before it. */
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
  /** As written, with braces and spaces around it removed and a leading `$.` added where it was missing. */
  readonly text: string;
  readonly steps: readonly JsonPathStep[];
  /** A definite path names at most one place; an indefinite one (wildcard, slice, list, filter, `..`) any number. */
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
  /** A path that is compared with nothing: what counts is whether it finds anything. */
  | { readonly kind: "exists"; readonly path: PathOperand }
  /** An operator that is no comparison, with its operands (language chapter 6.4). */
  | {
      readonly kind: "test";
      readonly operator: FilterTestOperator;
      readonly left: JsonPathOperand | ListOperand;
      readonly right: JsonPathOperand | ListOperand;
    }
  | { readonly kind: "match"; readonly left: JsonPathOperand; readonly pattern: PatternOperand };

/** Operators between two operands that are no comparisons. */
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
