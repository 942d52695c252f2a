import { type DepartureRule, departureRules } from "./published/departure.ts";
import { type RuleDescription, ruleCatalogue } from "./rule-catalogue.ts";

/** The rules with these names, as a program is told of them. */
export function describeRules(
  names: ReadonlySet<string>,
): (readonly [name: string, rule: RuleDescription & { readonly strict: boolean }])[] {
  return [...ruleCatalogue]
    .filter(([name]) => names.has(name))
    .map(([name, description]) => [name, { ...description, strict: isDepartureRule(name) }] as const);
}

/** Tells whether a rule is about the published specification, so that `--strict` fails for what it finds. */
export function isDepartureRule(name: string): name is DepartureRule {
  return departureRules.some(rule => rule === name);
}
