import { createHash, timingSafeEqual } from "node:crypto";
import { Refusal } from "../refusal.ts";
import type { RequestHead } from "./guard.ts";

/** Realm of all challenges (language chapter 7.6). */
export const REALM = "naftiko";

/** Asks for credentials: the request has none, or some that were right before. Nobody is guessing. */
export class Challenge extends Refusal {
  constructor(detail: string, headers: Refusal["headers"]) {
    super(401, detail, headers);
  }
}

/**
 * Returns the credentials of the field `Authorization`, without their scheme. `undefined` if there are none of that
 * scheme.
 *
 * @param scheme in lower case
 * @throws Refusal 400 if there are several such fields: Node keeps one of them, and another server might take another
 */
export function credentialsOf(request: RequestHead, scheme: string): string | undefined {
  const field = request.headers.authorization;
  if (field === undefined) return undefined;
  if (countOf(request.rawHeaders, "authorization") > 1)
    throw new Refusal(400, "The request has several Authorization fields");
  const end = field.indexOf(" ");
  if (end < 0 || field.slice(0, end).toLowerCase() !== scheme) return undefined;
  const credentials = field.slice(end).trim();
  return credentials === "" ? undefined : credentials;
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index] ?? "";
    if (field.length === name.length && field.toLowerCase() === name) count++;
  }
  return count;
}

/** Returns a check of whether bytes are a secret. Its time tells nothing about the secret. */
export function secretCheck(secret: string): (presented: string | Uint8Array) => boolean {
  const expected = sha256(secret);
  return presented => timingSafeEqual(sha256(presented), expected);
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

/** Returns the bytes of a header value, which Node reads as Latin-1. */
export function fieldBytes(value: string): Uint8Array {
  return Buffer.from(value, "latin1");
}
