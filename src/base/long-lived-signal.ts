import { setMaxListeners } from "node:events";

/**
 * Prepares a signal that one exchange after another listens to. An event without a listener is dropped from a map, whose
 * old tables keep the newer ones alive: each exchange would stay in memory until the next full garbage collection. So one
 * listener stays.
 */
export function prepareSignal(signal: AbortSignal): void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", nothing);
}

function nothing(): void {}
