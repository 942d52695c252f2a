import { createHmac, randomBytes } from "node:crypto";

/** Nobody outside this process can compute the name of a caller whose secret they guess. */
const KEY = randomBytes(32);

/** Returns a name of a caller that tells nothing about what the caller presents. */
export function callerId(type: string, identity: string): string {
  return createHmac("sha256", KEY).update(`${type}\0${identity}`).digest("base64url");
}
