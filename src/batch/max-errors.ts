/** How many rows may fail before a batch stops. */
export type MaxErrors =
  | { readonly kind: "count"; readonly most: number }
  | { readonly kind: "share"; readonly percent: number };

/** Ended rows before which a share means nothing. */
const LEAST_ROWS = 100;

/** Reads `5` or `2.5%`. Returns `undefined` for any other text. */
export function parseMaxErrors(text: string): MaxErrors | undefined {
  const [, number, sign] = /^(\d{1,9}(?:\.\d{1,3})?)(%?)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (sign === "%")
    return Number(number) > 0 && Number(number) <= 100 ? { kind: "share", percent: Number(number) } : undefined;
  return Number.isInteger(Number(number)) && Number(number) > 0 ? { kind: "count", most: Number(number) } : undefined;
}

/** Tells whether so many of the ended rows have failed that the batch stops. */
export function areTooMany(maxErrors: MaxErrors, failed: number, ended: number): boolean {
  if (maxErrors.kind === "count") return failed >= maxErrors.most;
  return ended >= LEAST_ROWS && failed > 0 && failed * 100 >= ended * maxErrors.percent;
}
