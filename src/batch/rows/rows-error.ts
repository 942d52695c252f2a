import { CapabilityError } from "../../base/capability-error.ts";

/** Facts of a `ROW_INVALID`. */
type Details = Omit<CapabilityError<"ROW_INVALID">["details"], "step">;

/** @param problem the end of a sentence that begins with the name of the source */
export function rowsInvalid(source: string, problem: string, details: Details = {}, cause?: unknown): CapabilityError {
  return new CapabilityError("ROW_INVALID", {
    message: `Cannot read rows: ${source} ${problem}`,
    details: { source, ...details },
    cause,
  });
}

/** Returns the error for options that do not fit each other, or do not fit the rows. */
export function rowsMisused(message: string): CapabilityError {
  return new CapabilityError("USAGE", { message, details: {} });
}
