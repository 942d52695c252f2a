import { didYouMean, suggest } from "../base/did-you-mean.ts";
import { listUnits } from "../language/model/exposed/find-unit.ts";
import { compilePattern, type PolicyTarget } from "./policy/operation-pattern.ts";
import { targetOf, targetOfUnit } from "./policy/targets.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Lists the rules of the option `policy` that are about nothing in these capabilities, with the nearest names: a slip of
 * the pen in `deny` would deny nothing. Rules of a configuration may be meant for other capabilities.
 *
 * @param runtimes opened with the same options
 */
export function policyWarnings(runtimes: readonly Runtime[]): string[] {
  const { allow = [], deny = [], toolset = [] } = runtimes[0]?.opening.settings.policy ?? {};
  const targets = runtimes.flatMap(targetsOf);
  const warning = (rule: string, text: string, known: Iterable<string>) =>
    `${rule} ${JSON.stringify(text)} names nothing that is here${didYouMean(suggest(text, known))}`;
  const unmatched = (rule: string, patterns: readonly string[]) =>
    patterns
      .filter(pattern => !targets.some(compilePattern(pattern)))
      .map(pattern => warning(rule, pattern, namesOf(targets, pattern)));
  const tags = new Set(targets.flatMap(target => target.tags));
  const known = new Set([...tags].map(tag => tag.toLowerCase()));
  return [
    ...unmatched("allow", allow),
    ...unmatched("deny", deny),
    ...toolset.filter(tag => !known.has(tag.toLowerCase())).map(tag => warning("toolset", tag, tags)),
  ];
}

function targetsOf(runtime: Runtime): PolicyTarget[] {
  const { model } = runtime;
  return [
    ...model.operations.map(operation => targetOf(operation, model)),
    ...unitsOf(runtime).map(unit => targetOfUnit(unit, model)),
  ];
}

/** Lists what is exposed. A file whose exposed parts are malformed has operations all the same. */
function unitsOf(runtime: Runtime) {
  try {
    return listUnits(runtime.exposed).map(({ unit }) => unit);
  } catch {
    return [];
  }
}

/** Returns patterns that name one thing, in the form that was written. */
function namesOf(targets: readonly PolicyTarget[], pattern: string): string[] {
  const isPath = /\s/.test(pattern.trim());
  const isOfCapability = /^[^\s/]+\//.test(pattern);
  return targets.flatMap(({ capability, names, method, path }) => {
    const prefix = isOfCapability ? `${capability}/` : "";
    if (isPath) return method === undefined ? [] : [`${prefix}${method} ${path}`];
    return [`${capability}/*`, ...names.map(name => prefix + name)];
  });
}
