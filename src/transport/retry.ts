import { setTimeout as pause } from "node:timers/promises";
import { isCapabilityError } from "../error/capability-error.ts";
import type { Transport } from "./transport.ts";
import { abortedError } from "./transport-error.ts";

export interface RetryOptions {
  /** Further attempts after the first. */
  readonly retries: number;
}

/** Methods whose repetition has the effect of one request (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Too many requests, and the answers of a gateway whose upstream is away. */
const TRANSIENT = new Set([429, 502, 503, 504]);

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Repeats idempotent requests that failed for a reason that may pass. Pauses double from 200 ms to at most 5 s, each cut
 * to a random part, so that many clients do not return at the same moment.
 */
export function retryTransport(transport: Transport, { retries }: RetryOptions): Transport {
  const retrying: Transport = async (request, limits) => {
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= retries || !isIdempotent(request.method);
      try {
        const response = await transport(request, limits);
        if (last || !TRANSIENT.has(response.status)) return response;
      } catch (error) {
        if (last || !isTransient(error)) throw error;
      }
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
      try {
        await pause(Math.random() * longest, undefined, limits.signal ? { signal: limits.signal } : {});
      } catch {
        throw abortedError(request.url, limits.signal);
      }
    }
  };
  if (transport.close !== undefined) retrying.close = () => transport.close?.() ?? Promise.resolve();
  return retrying;
}

/** Tells whether a request of the method may be repeated. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** Tells whether a failure may pass by itself. */
export function isTransient(error: unknown): boolean {
  if (isCapabilityError(error, "HTTP_STATUS")) return TRANSIENT.has(error.details.status);
  return isCapabilityError(error, "NETWORK") || isCapabilityError(error, "TIMEOUT");
}
