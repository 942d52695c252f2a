/**
 * Gives the outcome of a promise, or an error when the signal is aborted. The work behind the promise goes on: others may
 * wait for it too.
 *
 * @param error creates the error
 * @param defer delays the error after the abort
 */
export function orAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  error: () => unknown,
  defer: (reject: () => void) => void = reject => reject(),
): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => defer(() => reject(error()));
    const forget = () => signal.removeEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(
      value => {
        forget();
        resolve(value);
      },
      (failure: unknown) => {
        forget();
        reject(failure);
      },
    );
  });
}
