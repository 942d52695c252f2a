import type { Bounds } from "./transport.ts";

/** Milliseconds until the time-out of an exchange that is about to start; `0` means no limit. */
export function timeLeftMs({ timeoutMs, startMs }: Bounds): number {
  if (timeoutMs === 0 || startMs === undefined) return timeoutMs;
  return Math.max(1, timeoutMs - (performance.now() - startMs));
}
