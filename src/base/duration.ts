/** Milliseconds of each unit, the largest first. */
const UNITS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * Returns a duration such as `500ms`, `5s`, `1.5m` or `1h` in whole milliseconds. `undefined` for any other text.
 */
export function parseDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * UNITS[unit as keyof typeof UNITS]);
}

/** Writes milliseconds in the largest unit that fits. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of Object.entries(UNITS)) {
    if (ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}
