import { thrownText } from "./thrown-text.ts";

/** Listeners that have failed, and were warned of. */
const warned = new WeakSet<object>();

/**
 * Calls a listener of the program. What it throws, or rejects with later, ends no call: the first failure of a listener
 * becomes a warning of the process (code `NAFTIKO_LISTENER`).
 *
 * @param name of the option that brought the listener
 * @param mask takes secrets out of the warning
 */
export function tellListener<Told extends readonly unknown[]>(
  name: string,
  mask: (text: string) => string,
  listener: (...told: Told) => unknown,
  ...told: Told
): void {
  const warn = (thrown: unknown) => {
    if (warned.has(listener)) return;
    warned.add(listener);
    const message = `The function ${name} failed: ${mask(thrownText(thrown))}`;
    process.emitWarning(message, { code: "NAFTIKO_LISTENER" });
  };
  let result: unknown;
  try {
    result = listener(...told);
  } catch (error) {
    warn(error);
    return;
  }
  // An async function rejects after it has returned.
  if (typeof result === "object" && result !== null) new Promise(resolve => resolve(result)).catch(warn);
}
