/** Compact JSON of a value, or `undefined` for an absent one. */
export function jsonText(value: unknown): string | undefined {
  return JSON.stringify(value);
}
