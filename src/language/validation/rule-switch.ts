import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { ruleCatalogue } from "./rule-catalogue.ts";

/** Returns why a rule cannot be switched off, or `undefined` if it can. Errors keep a file from running whatever is said. */
export function switchProblem(rule: string): string | undefined {
  const found = ruleCatalogue.get(rule);
  if (found === undefined)
    return `there is no rule ${quoteValue(rule)}${didYouMean(suggest(rule, ruleCatalogue.keys()))}`;
  const isError = found.kinds.every(kind => kind === "error");
  return isError ? `rule ${quoteValue(rule)} cannot be switched off: its findings keep a file from running` : undefined;
}
