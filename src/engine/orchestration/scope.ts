import type { ScopeValue, StepPath, WithEntry } from "../../language/model/exposed/types.ts";
import type { BodyNode } from "../../language/model/types.ts";
import { compileFinder } from "../outputs/compile-json-path.ts";
import type { StepBudget } from "../outputs/step-meter.ts";
import { renderBody } from "../request/render-body.ts";
import type { RenderScope } from "../request/render-template.ts";
import { bodyTemplates, type References, references } from "../request/template-references.ts";

/**
 * The values that a call or a step can refer to (language chapter 8.1). `inputs` has those of the caller, and the outputs
 * of steps by their names. `raw` has the whole body where an output has named members alone (language chapter 5.9).
 */
export interface Scope extends RenderScope {
  /** Outputs of steps, in the order of the file. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** Steps that all paths together may take. */
  readonly steps: StepBudget;
}

/** Reads a value of a scope. `undefined` if it is absent. */
export type ReadScope = (scope: Scope) => unknown;

export const NO_OUTPUTS: ReadonlyMap<string, unknown> = new Map();

/** Compiles a value of a file. */
export function compileScopeValue(value: ScopeValue): ReadScope {
  switch (value.kind) {
    case "input": {
      const { name } = value;
      return ({ inputs }) => inputs.get(name);
    }
    case "path":
      return compileStepPath(value);
    case "constant": {
      const constant = value.value;
      return () => constant;
    }
    case "value": {
      const [only] = value.template.parts;
      if (value.template.parts.length !== 1 || typeof only !== "object" || only.kind !== "input") break;
      const { name, members } = only;
      if (members.length === 0) return ({ inputs }) => inputs.get(name);
      break;
    }
  }
  return scope => renderBody(value, scope);
}

/** Compiles a path over outputs of steps (language chapter 6.5). It gives `undefined` where it finds nothing. */
export function compileStepPath({ step, path }: StepPath): ReadScope {
  const find = compileFinder(path);
  if (step === undefined) return ({ outputs, steps }) => find(Object.fromEntries(outputs), steps);
  return ({ inputs, raw, steps }) => {
    const found = find(inputs.get(step), steps);
    return found === undefined && raw?.has(step) ? find(raw.get(step), steps) : found;
  };
}

/** A value of the file, and its place. */
export type PlacedValue = Omit<WithEntry, "name">;

/** Lists the variables and undeclared names that values of a file refer to. */
export function scopeReferences(entries: readonly PlacedValue[]): References {
  return references(
    entries.flatMap(({ value, pointer }) =>
      isBody(value) ? Array.from(bodyTemplates(value), template => [template, { pointer }] as const) : [],
    ),
  );
}

function isBody(value: ScopeValue): value is BodyNode {
  return value.kind !== "input" && value.kind !== "path";
}
