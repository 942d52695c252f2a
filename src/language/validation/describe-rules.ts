import { departureRules } from "./published/departure-rules.ts";
import type { RuleDescription } from "./rule.ts";
import { ruleCatalogue } from "./rule-catalogue.ts";

/** Describes the rules with these names, for programs. `strict` rules make `--strict` fail. */
export function describeRules(
  names: ReadonlySet<string>,
): (readonly [name: string, rule: RuleDescription & { readonly strict: boolean }])[] {
  return [...ruleCatalogue]
    .filter(([name]) => names.has(name))
    .map(([name, { explanation, fix, fixable }]) => {
      const strict = Object.hasOwn(departureRules, name);
      return [name, { explanation, fix, ...(fixable && { fixable }), strict }] as const;
    });
}
