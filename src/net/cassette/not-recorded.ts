import { CapabilityError, type ErrorDetails } from "../../base/capability-error.ts";

/** The error of a call that a recording has no answer for, or of a recording that cannot be read or written. */
export function notRecorded(
  message: string,
  details: ErrorDetails["NOT_RECORDED"],
  cause?: unknown,
): CapabilityError<"NOT_RECORDED"> {
  return new CapabilityError("NOT_RECORDED", { message, details, cause });
}
