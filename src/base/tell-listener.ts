import { thrownText } from "./thrown-text.ts";

/** Listeners whose failure was reported. */
const warned = new WeakSet<object>();

/**
 * Calls a listener of the program. A listener that throws, or rejects later, does not end a call: its first failure
 * becomes a warning of the process (code `NAFTIKO_LISTENER`).
 *
 * @param name the option that brought the listener
 * @param mask removes secrets from the warning
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
