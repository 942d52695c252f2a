/** One signal for several. */
interface JoinedSignal {
  readonly signal: AbortSignal;
  /** Takes its listeners away from the others, which may live longer. */
  release(): void;
}

/**
 * Creates a signal that is aborted with the first of the given ones. Unlike `AbortSignal.any`, it leaves nothing with
 * them once it is released.
 */
export function joinSignals(...given: readonly (AbortSignal | undefined)[]): JoinedSignal {
  const controller = new AbortController();
  const signals = given.filter(signal => signal !== undefined);
  const onAbort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  const aborted = signals.find(signal => signal.aborted);
  if (aborted !== undefined) controller.abort(aborted.reason);
  else for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) signal.removeEventListener("abort", onAbort);
    },
  };
}
