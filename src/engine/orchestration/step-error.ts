import { CapabilityError, changeError, type ErrorCode } from "../../base/capability-error.ts";
import { thrownText } from "../../base/thrown-text.ts";
import type { Step, Unit } from "../../language/model/exposed/types.ts";
import type { StepPlan } from "./plan-steps.ts";

/** Creates the error of a step that cannot be done. `problem` continues `Step "x": …`. */
export function stepFailed(
  { name: operation }: Unit,
  { name: step, pointer }: Step,
  problem: string,
  cause?: unknown,
): CapabilityError<"STEP_FAILED"> {
  const message = `Step "${step}": ${problem}`;
  return new CapabilityError("STEP_FAILED", { message, details: { operation, step }, pointer, cause });
}

/** Gives an error the name of the step in which it occurred. */
export function ofStep(error: unknown, unit: Unit, plan: StepPlan): CapabilityError {
  const { step } = plan;
  if (!(error instanceof CapabilityError)) return stepFailed(unit, step, thrownText(error), error);
  if (error.details.step !== undefined) return error;
  // The caller cannot mend what another step gives.
  if (isInputError(error) && inputsOf(error).some(key => plan.ofSteps.has(key)))
    return stepFailed(unit, step, error.message, error);
  const { message, details, source, pointer = source === undefined ? step.pointer : undefined } = error;
  return changeError(error, {
    message: `Step "${step.name}": ${message}`,
    details: { ...details, step: step.name },
    pointer,
  });
}

const INPUT_CODES: ReadonlySet<ErrorCode> = new Set(["INPUT_MISSING", "INPUT_INVALID"]);

function isInputError({ code }: CapabilityError): boolean {
  return INPUT_CODES.has(code);
}

function inputsOf({ details }: CapabilityError): readonly string[] {
  const { input, inputs } = details as { readonly input?: string; readonly inputs?: readonly string[] };
  return inputs ?? (input === undefined ? [] : [input]);
}

/** Codes of failures that happen before anything is sent, and in the same way again. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "INPUT_MISSING",
  "INPUT_INVALID",
  "INPUT_UNKNOWN",
  "BIND_MISSING",
  "BASE_URI_MISSING",
  "REQUEST_INVALID",
  "CAPABILITY_INVALID",
  "CONFIG_INVALID",
  "EGRESS_REFUSED",
  "ABORTED",
  "STEP_FAILED",
]);

/** Tells whether a step that failed may succeed when it is tried again. */
export function mayPass(error: unknown): boolean {
  return error instanceof CapabilityError && !FINAL.has(error.code as ErrorCode);
}
