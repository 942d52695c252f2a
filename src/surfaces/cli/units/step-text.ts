import type { StepDescription } from "../../../language/model/exposed/describe-unit.ts";

/** Tells in words what a step does. */
export function stepText({ type, operation, index, file }: StepDescription): string {
  if (operation !== undefined) return `call ${operation}`;
  return index === undefined ? [type, file].filter(Boolean).join(" ") : `${type} in ${index}`;
}

/** Tells what a step waits for. */
export function afterText({ uses }: Pick<StepDescription, "uses">): string {
  return uses.length === 0 ? "" : `after ${uses.join(", ")}`;
}
