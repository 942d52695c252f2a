import { orAborted } from "../or-aborted.ts";

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
    if (before !== undefined) await orAborted(before, signal, () => signal.reason);
    return end;
  } catch (error) {
    end();
    throw error;
  }
}
