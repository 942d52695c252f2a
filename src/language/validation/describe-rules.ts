import type { RuleDescription } from "./rule.ts";
import { ruleCatalogue } from "./rule-catalogue.ts";

/** Describes the rules with these names, for programs. */
export function describeRules(names: ReadonlySet<string>): (readonly [name: string, rule: RuleDescription])[] {
  return [...ruleCatalogue]
    .filter(([name]) => names.has(name))
    .map(([name, { kinds, explanation, fix, fixable }]) => [
      name,
      { kinds, explanation, fix, ...(fixable && { fixable }) },
    ]);
}
