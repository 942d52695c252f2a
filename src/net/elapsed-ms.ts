/**
 * Returns the time from one moment to another, in milliseconds. It is exact to a microsecond: further digits are noise.
 *
 * @param end by `performance.now()`, as the start; now by default
 */
export function elapsedMs(start: number, end: number = performance.now()): number {
  return Math.round((end - start) * 1_000) / 1_000;
}
