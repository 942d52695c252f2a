/** The last of those that have a turn or wait for one, by key. */
const last = new Map<string, Promise<void>>();

/**
 * Waits for all that asked earlier in this process.
 *
 * @returns a function that ends the turn; it has to be called
 * @throws the signal's reason, at once; those behind still wait for those in front
 */
export async function takeTurn(key: string, signal: AbortSignal): Promise<() => void> {
  const before = last.get(key);
  let end = () => {};
  const mine = new Promise<void>(resolve => {
    end = resolve;
  });
  const all = Promise.all([before, mine]).then(() => {
    if (last.get(key) === all) last.delete(key);
  });
  last.set(key, all);
  try {
    signal.throwIfAborted();
    await unlessAborted(before, signal);
    return end;
  } catch (error) {
    end();
    throw error;
  }
}

async function unlessAborted(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (promise === undefined) return;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
