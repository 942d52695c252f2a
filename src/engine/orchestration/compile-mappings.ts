import { isJsonObject } from "../../base/json-object.ts";
import { setMember } from "../../base/set-member.ts";
import type { Mapping } from "../../language/model/exposed/types.ts";
import { compileStepPath, type Scope } from "./scope.ts";

/**
 * Compiles the members of the result of steps (language chapter 8.5). A target whose path finds nothing is left out.
 *
 * @returns a function that gives `undefined` where no path finds anything
 */
export function compileMappings(mappings: readonly Mapping[]): (scope: Scope) => unknown {
  const members = mappings.map(({ target, value }) => ({ target, find: compileStepPath(value) }));
  return scope => {
    let result: Record<string, unknown> | undefined;
    for (const { target, find } of members) {
      const value = find(scope);
      if (value === undefined) continue;
      result ??= {};
      setNested(result, target, value);
    }
    return result;
  };
}

/** Sets a member of members. Objects on the way are those that targets before have made, never an API's. */
function setNested(result: Record<string, unknown>, target: readonly string[], value: unknown): void {
  let object = result;
  for (const name of target.slice(0, -1)) {
    const inner = Object.hasOwn(object, name) ? object[name] : undefined;
    // A copy: what a path has found is the output of a step.
    const next: Record<string, unknown> = isJsonObject(inner) ? Object.fromEntries(Object.entries(inner)) : {};
    setMember(object, name, next);
    object = next;
  }
  setMember(object, target.at(-1) ?? "", value);
}
