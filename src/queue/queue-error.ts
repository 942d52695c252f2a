import { CapabilityError } from "../base/capability-error.ts";

/** Makes the error of a queue that cannot be reached. */
export function unavailable(shown: string, reason: string): CapabilityError<"QUEUE_UNAVAILABLE"> {
  const message = `The queue ${shown} cannot be reached: ${reason}. Is the server running, and does this host lead to it?`;
  return new CapabilityError("QUEUE_UNAVAILABLE", { message, details: { queue: shown, reason } });
}

/**
 * Makes the error of a queue that is there and cannot be used.
 *
 * @param reason a sentence's end about the queue, with what to do
 */
export function refused(shown: string, reason: string): CapabilityError<"QUEUE_REFUSED"> {
  const message = `The queue ${shown} cannot be used: ${reason}`;
  return new CapabilityError("QUEUE_REFUSED", { message, details: { queue: shown, reason } });
}
