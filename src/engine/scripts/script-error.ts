import { CapabilityError, type ErrorDetails } from "../../base/capability-error.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { ScriptStep } from "../../language/model/exposed/types.ts";

type Reason = ErrorDetails["SCRIPT_FAILED"]["reason"];

/** Creates a `SCRIPT_FAILED` error. */
export function scriptError(
  { name: step, file, pointer }: ScriptStep,
  reason: Reason,
  problem: string,
  remedies: readonly Remedy[] = [],
): CapabilityError<"SCRIPT_FAILED"> {
  return new CapabilityError("SCRIPT_FAILED", {
    message: `Step "${step}": ${problem}`,
    details: { step, file, reason },
    pointer,
    remedies,
  });
}
