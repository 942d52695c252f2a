import { departureRules } from "./published/departure.ts";
import { type RuleDescription, ruleCatalogue } from "./rule-catalogue.ts";

/** Describes the rules with these names, for programs. `strict` rules make `--strict` fail. */
export function describeRules(
  names: ReadonlySet<string>,
): (readonly [name: string, rule: RuleDescription & { readonly strict: boolean }])[] {
  const departures = new Set<string>(departureRules);
  return [...ruleCatalogue]
    .filter(([name]) => names.has(name))
    .map(([name, description]) => [name, { ...description, strict: departures.has(name) }] as const);
}
