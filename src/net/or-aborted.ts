import { abortedError } from "./transport-error.ts";

/**
 * Gives the outcome of a promise, or `ABORTED` as soon as the signal is aborted. The work behind the promise goes on: others
 * may wait for it too.
 */
export function orAborted<Value>(
  promise: Promise<Value>,
  url: string,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortedError(url, signal));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
