import { CapabilityError } from "../../base/capability-error.ts";

/** Creates an error for a mistake in the command line. `usage` tells what to write instead. */
export function usageError(message: string, usage?: string): CapabilityError<"USAGE"> {
  return new CapabilityError("USAGE", { message, details: usage === undefined ? {} : { usage } });
}
