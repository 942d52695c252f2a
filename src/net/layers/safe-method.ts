/** Methods that change nothing (RFC 9110, 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Tells whether a request of the method only reads. */
export function isSafeMethod(method: string): boolean {
  return SAFE.has(method);
}
