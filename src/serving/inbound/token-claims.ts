import type { JsonObject } from "../../base/json-object.ts";

/** Longest difference between the clocks of the authorization server and of this one, in seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** Expectations of a token. */
export interface TokenRules {
  /** Without a slash at its end. */
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Checks a token.
 *
 * @returns the facts that the authorization server states about it
 * @throws InvalidToken
 * @throws CapabilityError if the authorization server cannot be asked
 */
export type CheckToken = (token: string) => Promise<JsonObject>;

/** A token is refused. */
export class InvalidToken extends Error {
  /** Error code of RFC 6750, 3.1. */
  readonly code: "invalid_token" | "insufficient_scope";

  constructor(message: string, code: InvalidToken["code"] = "invalid_token") {
    super(message);
    this.code = code;
  }
}

/** Returns the scopes of a token: `scope` (RFC 8693, 4.2), or the `scp` that some servers write instead. */
export function scopesOf({ scope, scp }: JsonObject): ReadonlySet<string> {
  const texts = [scope, scp].flat().filter(text => typeof text === "string");
  return new Set(texts.flatMap(text => text.split(/\s+/)));
}
