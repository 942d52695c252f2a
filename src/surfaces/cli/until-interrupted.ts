import { isCapabilityError } from "../../base/capability-error.ts";

/** Writes what arrives. Ctrl-C is how to end what has no end: then what was written stands, and nothing has failed. */
export async function untilInterrupted(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!signal.aborted || !isCapabilityError(error, "ABORTED")) throw error;
  }
}
