/** Mark of the secret values in tests: tokens, passwords, keys. */
export const MARK = "5ecret";

/** Returns `text` with a mark in it: a secret that every test notices where it is printed. */
export function markedSecret(text: string): string {
  return `${MARK}-${text}`;
}

/** @throws Error where what was printed tells a marked secret */
export function refuseMarked(printed: string, what: string): void {
  const place = printed.indexOf(MARK);
  if (place >= 0)
    throw new Error(`${what} tells a secret: ${JSON.stringify(printed.slice(Math.max(0, place - 200), place + 100))}`);
}
