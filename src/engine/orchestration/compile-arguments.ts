import { setMember } from "../../base/set-member.ts";
import type { WithEntry } from "../../language/model/exposed/types.ts";
import type { Inputs } from "../request/check-inputs.ts";
import { compileScopeValue, type Scope } from "./scope.ts";

/** Makes the inputs of a call of what its scope has. An absent value leaves its input unset (language chapter 4.4). */
export type MakeInputs = (scope: Scope) => Inputs;

/** Compiles where the inputs of a call come from. */
export function compileArguments(entries: readonly WithEntry[]): MakeInputs {
  const args = entries.map(({ name, value }) => ({ name, read: compileScopeValue(value) }));
  return scope => {
    const inputs: Record<string, unknown> = {};
    for (const { name, read } of args) {
      const value = read(scope);
      if (value !== undefined) setMember(inputs, name, value);
    }
    return inputs;
  };
}
