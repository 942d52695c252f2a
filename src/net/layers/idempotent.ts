/** Methods whose repetition has the effect of one request (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Tells whether a request of the method may be repeated. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}
