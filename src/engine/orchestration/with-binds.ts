import { isOfCaller } from "../../language/document/caller-field.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { BindRequest, BindValues } from "../binds/bind-resolver.ts";
import { type PlacedValue, scopeReferences } from "./scope.ts";
import type { UnitAnswer } from "./unit-answer.ts";
import type { UnitHost } from "./unit-host.ts";
import type { UnitCall, Work } from "./unit-work.ts";

/** Does the work of a unit with the values of the variables that its file refers to. */
type WorkWithBinds = (
  inputs: ReadonlyMap<string, unknown>,
  binds: BindValues,
  call: UnitCall,
) => UnitAnswer | Promise<UnitAnswer>;

export const NO_BINDS: BindValues = new Map();
const NOTHING_EMPTY: ReadonlySet<BindVariable> = new Set();

/** Returns work that looks up the variables in values of the file before it begins, if there are some. */
export function withBinds(
  { name }: Unit,
  entries: readonly PlacedValue[],
  { binds }: Pick<UnitHost, "binds">,
  start: WorkWithBinds,
): Work {
  const needed = scopeReferences(entries);
  if (needed.variables.length === 0 && needed.undeclared.length === 0)
    return (inputs, call) => start(inputs, NO_BINDS, call);
  const request: BindRequest = { operation: name, ...needed, mayBeEmpty: NOTHING_EMPTY };
  const readsCaller = needed.variables.some(isOfCaller);
  return (inputs, given) => {
    const { options } = given;
    // Values of the caller become inputs of calls, whose answers are the caller's.
    const call = readsCaller ? { ...given, options: { ...options, cache: false } } : given;
    const values = binds.resolve(request, options.signal, options.callerFields);
    return values instanceof Promise ? values.then(found => start(inputs, found, call)) : start(inputs, values, call);
  };
}
