import { createHash } from "node:crypto";

/**
 * Returns a name of a caller, the same in all processes. A name in a store does not hold it as it is: who guesses what a
 * caller presents could compare.
 */
export function callerId(type: string, identity: string): string {
  return createHash("sha256").update(`${type}\0${identity}`).digest("base64url");
}
