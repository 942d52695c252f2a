import { CapabilityError } from "../../base/capability-error.ts";
import type { ExchangeLimits } from "../../net/transport.ts";
import type { DecodeTask } from "../formats/decode-worker.ts";
import { decodeInThread } from "./decode-in-thread.ts";

/**
 * Decodes a body in a thread of its own, which ends with the call, and where decoding takes longer than an attempt may.
 *
 * @throws CapabilityError `ABORTED`, `TIMEOUT`; what `decodeInThread` throws
 */
export async function decodeWithinCall(
  task: DecodeTask,
  operation: string,
  url: string,
  { signal, timeoutMs }: ExchangeLimits,
): Promise<unknown> {
  const end = new AbortController();
  const onAbort = () => end.abort(abortedError(operation, url, signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  const timer =
    timeoutMs > 0
      ? setTimeout(() => end.abort(undecodedError(operation, url, timeoutMs)), timeoutMs)
      : undefined;
  try {
    return await decodeInThread(task, end.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function abortedError(operation: string, url: string, signal: AbortSignal | undefined): CapabilityError {
  return new CapabilityError("ABORTED", {
    message: `${operation}: the call to ${new URL(url).host} was aborted`,
    details: { operation },
    cause: signal?.reason,
  });
}

function undecodedError(operation: string, url: string, timeoutMs: number): CapabilityError {
  return new CapabilityError("TIMEOUT", {
    message: `${operation}: decoding the answer from ${new URL(url).host} did not end within ${timeoutMs} ms`,
    details: { operation, timeoutMs, url },
  });
}
