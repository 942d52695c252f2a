import { didYouMean, suggest } from "../../base/did-you-mean.ts";

/** Tells that a value is none of the choices of an option, with the nearest one first. */
export function choiceProblem(option: string, found: string, choices: readonly string[]): string {
  const nearest = didYouMean(suggest(found, choices));
  const list = choices.join(", ");
  return nearest === ""
    ? `Option --${option} is one of ${list}, found ${JSON.stringify(found)}`
    : `Option --${option} cannot be ${JSON.stringify(found)}${nearest} It is one of ${list}`;
}
