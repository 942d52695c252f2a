import { abortedError } from "../transport-error.ts";

/**
 * What a promise gives, or `ABORTED` as soon as the signal says so. What the promise stands for goes on: others may wait
 * for it too.
 */
export function untilAborted<Value>(
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
