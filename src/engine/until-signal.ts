import { CapabilityError } from "../base/capability-error.ts";

/**
 * The outcome of a call, or `ABORTED` when its signal says so, whatever the call is waiting for: a function of the program
 * need not know the signal, or heed it. What comes later is dropped.
 */
export function untilSignal<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
  operation: string,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const end = () => {
      const message = `${operation}: the call was aborted`;
      reject(new CapabilityError("ABORTED", { message, details: { operation }, cause: signal.reason }));
    };
    // The stages of the call hear of it too, and their errors tell more.
    const onAbort = () => setImmediate(end);
    const forget = () => signal.removeEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    work.then(
      value => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}
