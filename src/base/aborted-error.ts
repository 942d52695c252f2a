import { CapabilityError } from "./capability-error.ts";

/** Creates the `ABORTED` error of a call that its signal ended. */
export function abortedError(operation: string, signal: AbortSignal | undefined): CapabilityError<"ABORTED"> {
  return new CapabilityError("ABORTED", {
    message: `${operation}: the call was aborted`,
    details: { operation },
    cause: signal?.reason,
  });
}
