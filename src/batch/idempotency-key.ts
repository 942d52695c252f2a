import { hash } from "node:crypto";

/**
 * Returns the `Idempotency-Key` of a row, for every attempt of every process that works on the same run.
 *
 * @param run random name of the run, which its journal or its queue keeps
 */
export function idempotencyKeyOfRow(run: string, row: number): string {
  return asUuid(`row\n${run}\n${row}`);
}

/**
 * Returns the `Idempotency-Key` of a row whose key the user has chosen: the same in each run.
 *
 * @param operation reference of the operation
 */
export function idempotencyKeyOfKey(operation: string, key: string): string {
  return asUuid(`key\n${operation}\n${key}`);
}

/** Returns a hash in the form that most APIs expect: a UUID of version 8 (RFC 9562, 5.8). */
function asUuid(text: string): string {
  const hex = hash("sha256", text, "hex");
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
