import { createHash } from "node:crypto";

/**
 * Returns the name of something in a shared store. It tells its kind, and nothing of its parts, which may be personal.
 *
 * @param kind a word of this program
 */
export function sharedName(kind: string, ...parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
  return `naftiko:${kind}:${hash}`;
}
