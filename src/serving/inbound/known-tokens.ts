import { createHash } from "node:crypto";
import { getOrSet } from "../../base/get-or-set.ts";

const MOST_TOKENS = 1_000;

/** A value, and when it has to be made again, in milliseconds since 1970. */
export interface Lasting<Value> {
  readonly value: Value;
  readonly endMs: number;
}

/** Outcomes of checks of tokens. Tokens themselves are not kept. */
export class KnownTokens<Value> {
  /** In the order in which they were checked. */
  readonly #known = new Map<string, Lasting<Value>>();
  readonly #pending = new Map<string, Promise<Value>>();

  /**
   * Returns what is known of a token.
   *
   * @param check is called once for requests with the same token that arrive meanwhile; a rejection is not kept
   */
  get(token: string, nowMs: number, check: () => Promise<Lasting<Value>>): Value | Promise<Value> {
    const key = createHash("sha256").update(token).digest("base64");
    const known = this.#known.get(key);
    if (known !== undefined && known.endMs > nowMs) return known.value;
    return getOrSet(this.#pending, key, () => this.#check(key, check).finally(() => this.#pending.delete(key)));
  }

  async #check(key: string, check: () => Promise<Lasting<Value>>): Promise<Value> {
    const lasting = await check();
    this.#known.delete(key);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < MOST_TOKENS) break;
      this.#known.delete(oldest);
    }
    this.#known.set(key, lasting);
    return lasting.value;
  }
}
