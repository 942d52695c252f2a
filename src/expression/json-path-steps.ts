/** One step of a path. */
export type JsonPathStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "members"; readonly names: readonly string[] }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: "wildcard" }
  | { readonly kind: "descendant" }
  | { readonly kind: "filter"; readonly filter: JsonPathFilter };

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
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | {
      readonly kind: "path";
      /** `@` stands for the element that is tested, `$` for the whole document. */
      readonly from: "element" | "root";
      readonly path: JsonPath;
      /** It is compared with nothing: what counts is whether it finds anything. */
      readonly exists: boolean;
    };

/** Tells whether a step names at most one place. */
export function isDefinite({ kind }: JsonPathStep): boolean {
  return kind === "member" || kind === "members" || kind === "index";
}
