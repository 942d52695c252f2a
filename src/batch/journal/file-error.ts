import { CapabilityError } from "../../base/capability-error.ts";
import { ioReason } from "../../base/io-reason.ts";

/** Creates the error of a file that cannot be read or written. A {@link CapabilityError} stays as it is. */
export function fileError(verb: "read" | "write", path: string, error: unknown): CapabilityError {
  if (error instanceof CapabilityError) return error;
  const goOn = verb === "write" ? "; then --resume goes on with the rows that are left" : "";
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  return new CapabilityError("IO_FAILED", {
    message: `Cannot ${verb} ${path}: ${ioReason(error)}${goOn}`,
    details: { reason, path },
    cause: error,
  });
}
