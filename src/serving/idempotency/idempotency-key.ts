import type { IncomingMessage } from "node:http";
import { Refusal } from "../refusal.ts";

/** Name of the header by which callers tell a repeated request from another one. */
const FIELD = "idempotency-key";
/** Most characters of a key. */
const LONGEST_KEY = 255;
/** A string of structured fields (RFC 9651, 3.3.3), as the draft asks for. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** As most clients write it: visible ASCII without quotes and commas. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
/** Methods that ask for nothing to be changed (RFC 9110, 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Returns the key that a caller gives a request that changes something (draft-ietf-httpapi-idempotency-key-header-07, 2.1).
 * `undefined` without one.
 *
 * @throws Refusal 400 for a field that is no key
 */
export function idempotencyKeyOf({ method = "", headers, headersDistinct }: IncomingMessage): string | undefined {
  if (headers[FIELD] === undefined || SAFE.has(method)) return undefined;
  const [text = "", ...others] = headersDistinct[FIELD] ?? [];
  if (others.length > 0) throw malformed("is there more than once");
  const key = QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, "$1") ?? BARE.exec(text)?.[0];
  if (key === undefined || key === "")
    throw malformed('is no text in quotes, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"');
  if (key.length > LONGEST_KEY) throw malformed(`has more than ${LONGEST_KEY} characters`);
  return key;
}

function malformed(problem: string): Refusal {
  return new Refusal(400, `The header Idempotency-Key ${problem}`);
}
