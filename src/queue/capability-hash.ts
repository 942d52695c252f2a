import { createHash } from "node:crypto";
import { canonicalText } from "../base/json-schema/same-json.ts";
import type { Runtime } from "../engine/runtime.ts";

/**
 * Returns a hash of what a capability says: its name and its file, with imports in place. Comments, layout and the order
 * of members do not matter, nor do variables and settings of the one who opens it. It may stand in names of queues.
 */
export function capabilityHash({ name, document }: Pick<Runtime, "name" | "document">): string {
  const text = canonicalText({ name, document: document.value });
  return createHash("sha256").update(text).digest("base64url").slice(0, LENGTH);
}

/** Enough that two files never have the same by chance: 132 bits. */
const LENGTH = 22;
