import type { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Sharing } from "../../sharing/sharing.ts";
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

/** The count of a caller after a request. */
interface Counted {
  readonly isOver: boolean;
  /** Requests that are left. */
  readonly left: number;
  /** When the next count begins. */
  readonly endsInMs: number;
}

/**
 * Counts the requests of each caller: of all processes that share, or of this one in memory. While shared counts cannot be
 * had, each process lets its share of the requests in.
 */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #sharing: Sharing | undefined;
  readonly #policy: RatePolicy;
  readonly #policyText: string;
  /** When the count of each caller ends, in the order in which they began. */
  readonly #ends = new Map<string, number>();

  private constructor(limiter: RateLimiterMemory, policy: RatePolicy, sharing: Sharing | undefined) {
    this.#limiter = limiter;
    this.#sharing = sharing;
    this.#policy = policy;
    this.#policyText = `"default";q=${policy.requests};w=${policy.windowSeconds}`;
  }

  /** Loads what counts. */
  static async open(policy: RatePolicy, sharing?: Sharing): Promise<RateLimit> {
    const { default: Memory } = await import("rate-limiter-flexible/lib/RateLimiterMemory.js");
    const limiter = new Memory({ points: policy.requests, duration: policy.windowSeconds, keyPrefix: "" });
    return new RateLimit(limiter, policy, sharing);
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
    const counted = await this.#counted(caller);
    const headers = this.#headers(counted);
    if (!counted.isOver) return headers;
    const { requests, windowSeconds } = this.#policy;
    const detail = `The limit of ${requests} requests in ${windowSeconds} s is reached`;
    throw new Refusal(429, detail, { ...headers, "retry-after": String(secondsLeft(counted)) });
  }

  #counted(caller: string): Promise<Counted> {
    const sharing = this.#sharing;
    if (sharing === undefined) return this.#countedHere(caller, 1);
    const { requests, windowSeconds } = this.#policy;
    return sharing.ask(
      async store => {
        const name = sharing.name("rate", this.#policyText, sharing.hide(caller));
        const { count, endsInMs } = await store.count(name, windowSeconds * 1_000);
        return { isOver: count > requests, left: Math.max(0, requests - count), endsInMs };
      },
      // Of the limit, each copy has its share.
      () => this.#countedHere(caller, Math.min(sharing.copies, requests)),
    );
  }

  /** @param cost how many requests of the limit one counts for */
  async #countedHere(caller: string, cost: number): Promise<Counted> {
    const counted = ({ remainingPoints, msBeforeNext }: RateLimiterRes, isOver: boolean) => ({
      isOver,
      left: Math.floor(remainingPoints / cost),
      endsInMs: msBeforeNext,
    });
    try {
      return counted(await this.#limiter.consume(this.#keyOf(caller), cost), false);
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown;
      return counted(thrown as RateLimiterRes, true);
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

  #headers(counted: Counted): RateHeaders {
    return {
      "ratelimit-policy": this.#policyText,
      ratelimit: `"default";r=${counted.left};t=${secondsLeft(counted)}`,
    };
  }
}

/** Returns when the next count begins. Rounded up: a caller that waits as long as this is let in. */
function secondsLeft({ endsInMs }: Counted): number {
  return Math.max(1, Math.ceil(endsInMs / 1_000));
}
