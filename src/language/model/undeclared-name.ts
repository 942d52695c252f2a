import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import type { BindVariable } from "../document/declared-binds.ts";

/** Name without a variable, such as `{{X}}` if no bind declares X. `problem` says why. */
export interface UndeclaredName {
  readonly kind: "undeclared";
  readonly name: string;
  readonly problem: string;
  /** Declared variables, the nearest of which is suggested. */
  readonly declared: readonly BindVariable[];
}

/** Says of a name why it has no value, and which variable is nearest. */
export function undeclaredText({ name, problem, declared }: Omit<UndeclaredName, "kind">): string {
  return `${name} (${problem}${didYouMean(nearestVariables(name, declared))})`;
}

/** Returns the variables nearest to a name, which may have a namespace in front. */
export function nearestVariables(name: string, declared: readonly BindVariable[]): string[] {
  return suggest(
    name.slice(name.indexOf(".") + 1),
    declared.map(variable => variable.name),
  );
}

/** Problem of a name that only a bind could declare. */
export const NOT_DECLARED = "no bind declares it: add it to binds";
