const foreign = new WeakSet<object>();

/**
 * Remembers that a program's own function threw this. The program gets it back as `cause` as it is, to compare it or to
 * read what it keeps; only where it is printed are the secrets in it masked.
 */
export function rememberForeign(thrown: unknown): void {
  if (typeof thrown === "object" && thrown !== null) foreign.add(thrown);
}

/** Tells whether a program's own function threw this. */
export function isForeign(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && foreign.has(thrown);
}
