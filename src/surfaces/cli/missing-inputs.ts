import type { Inputs } from "../../engine/request/check-inputs.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { type AskedInputs, readInputs } from "./read-inputs.ts";

/** Tells whether a user may be asked for inputs: not for those of a call that the policy refuses anyway. */
export function mayAsk(
  capability: Runtime,
  called: Operation | Unit,
  { dryRun }: Pick<RunArguments, "dryRun">,
): boolean {
  return dryRun !== undefined || capability.refusalOf(called) === undefined;
}

/** Adds the required inputs that are missing, if a user is there who can be asked for them. */
export async function withMissing(operation: AskedInputs, given: Inputs, context: CommandContext): Promise<Inputs> {
  const missing = [...operation.inputs.values()].filter(({ key, required }) => required && given[key] === undefined);
  if (missing.length === 0) return given;
  // A misspelt input, or a variable that the file does not declare, is told at once.
  const isFault = missing.some(({ undeclaredAmong }) => undeclaredAmong !== undefined);
  if (isFault || !Object.keys(given).every(key => operation.inputs.has(key))) return given;
  const { terminal } = context;
  if (terminal === undefined) return given;
  const { askInputs } = await import("./ask-inputs.ts");
  const inputs = await askInputs(operation, { missing, given }, terminal);
  return { ...given, ...(await readInputs(operation, { inputs, inputsJson: undefined }, context)) };
}
