import type { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Caller } from "../inbound/guard.ts";
import { Refusal } from "../refusal.ts";
import { networkOf } from "./network-of.ts";
import type { RatePolicy } from "./rate-policy.ts";

/** Most callers that are counted one by one. The others of the same time share one count. */
const MOST_CALLERS = 100_000;

/** Header fields that tell callers of their limit (draft-ietf-httpapi-ratelimit-headers-10). */
interface RateHeaders {
  readonly "ratelimit-policy": string;
  readonly ratelimit: string;
}

/** Counts the requests of each caller of this process, in memory. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #policy: RatePolicy;
  readonly #policyText: string;
  /** When the count of each caller ends, in the order in which they began. */
  readonly #ends = new Map<string, number>();

  private constructor(limiter: RateLimiterMemory, policy: RatePolicy) {
    this.#limiter = limiter;
    this.#policy = policy;
    this.#policyText = `"default";q=${policy.requests};w=${policy.windowSeconds}`;
  }

  /** Loads what counts. */
  static async open(policy: RatePolicy): Promise<RateLimit> {
    const { default: Memory } = await import("rate-limiter-flexible/lib/RateLimiterMemory.js");
    const limiter = new Memory({ points: policy.requests, duration: policy.windowSeconds, keyPrefix: "" });
    return new RateLimit(limiter, policy);
  }

  /**
   * Counts a request: for its caller, or for the network that it comes from if nobody has to say who they are.
   *
   * @throws Refusal 429
   */
  count({ id }: Caller, address: string): Promise<RateHeaders> {
    return this.#count(id ?? `network ${networkOf(address)}`);
  }

  /**
   * Counts a request that was refused, for the network that it comes from. Others of the network, behind a proxy perhaps,
   * present what is right: they are let in all the same.
   *
   * @throws Refusal 429
   */
  countRefused(address: string): Promise<RateHeaders> {
    return this.#count(`refused ${networkOf(address)}`);
  }

  async #count(caller: string): Promise<RateHeaders> {
    try {
      return this.#headers(await this.#limiter.consume(this.#keyOf(caller)));
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      const result = thrown as RateLimiterRes;
      const { requests, windowSeconds } = this.#policy;
      const detail = `The limit of ${requests} requests in ${windowSeconds} s is reached`;
      const headers = this.#headers(result);
      throw new Refusal(429, detail, { ...headers, "retry-after": String(secondsLeft(result)) });
    }
  }

  /** Returns what a caller is counted under. */
  #keyOf(caller: string): string {
    const nowMs = Date.now();
    const endMs = this.#ends.get(caller);
    if (endMs !== undefined && endMs > nowMs) return caller;
    for (const [oldest, end] of this.#ends) {
      if (end > nowMs) break;
      this.#ends.delete(oldest);
    }
    if (this.#ends.size >= MOST_CALLERS) return "others";
    this.#ends.set(caller, nowMs + this.#policy.windowSeconds * 1_000);
    return caller;
  }

  #headers(result: RateLimiterRes): RateHeaders {
    return {
      "ratelimit-policy": this.#policyText,
      ratelimit: `"default";r=${result.remainingPoints};t=${secondsLeft(result)}`,
    };
  }
}

/** Returns when the next count begins. Rounded up: a caller that waits as long as this is let in. */
function secondsLeft({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000));
}
