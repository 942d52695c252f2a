const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);
/** Longest time of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Returns a duration such as `500ms`, `5s`, `1.5m` or `1h` in milliseconds. `undefined` for any other text, and for no
 * time at all.
 */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Math.round(Number(number) * (UNITS.get(unit) ?? Number.NaN));
  return ms >= 1 && ms <= LONGEST_MS ? ms : undefined;
}
