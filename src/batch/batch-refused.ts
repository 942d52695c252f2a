import { CapabilityError, type ErrorDetails } from "../base/capability-error.ts";

/** Creates the error of a batch that is not begun, or not gone on with. */
export function batchRefused(
  message: string,
  details: ErrorDetails["BATCH_REFUSED"],
  cause?: unknown,
): CapabilityError<"BATCH_REFUSED"> {
  return new CapabilityError("BATCH_REFUSED", { message, details, ...(cause === undefined ? {} : { cause }) });
}
