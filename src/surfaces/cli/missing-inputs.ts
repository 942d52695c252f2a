import type { Inputs } from "../../engine/request/check-inputs.ts";
import type { CommandContext } from "./command-context.ts";
import { type AskedInputs, readInputs } from "./read-inputs.ts";

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
