/**
 * The time from one moment to another, in milliseconds. To a microsecond: what is behind that is noise.
 *
 * @param end by `performance.now()`, as the start; now by default
 */
export function elapsedMs(start: number, end: number = performance.now()): number {
  return Math.round((end - start) * 1_000) / 1_000;
}
