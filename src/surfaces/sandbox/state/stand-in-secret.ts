import { createHash } from "node:crypto";
import { keyOf } from "../routing/resource-path.ts";

/** Stands in for the secret of an item that was posted without one: always the same for the item, and good for nothing. */
export function standInSecret(itemPath: readonly string[]): string {
  return `sandbox_${createHash("sha256").update(keyOf(itemPath)).digest("hex").slice(0, 40)}`;
}
