import type { SecretMask } from "../../base/mask-secrets.ts";
import type { Observe } from "../../net/layers/exchange-event.ts";
import type { StoredTokens } from "./login-store.ts";

/**
 * A function that gets tokens. `previous` are the expired or refused ones. `observe` is called with the exchange. `signal`
 * is aborted when no call waits any longer.
 */
export type RequestTokens = (
  previous: StoredTokens | undefined,
  observe: Observe | undefined,
  signal: AbortSignal,
) => Promise<StoredTokens>;

/** A call that waits for tokens. */
interface TokenWait {
  readonly observe?: Observe | undefined;
  /** Aborted when the call waits no longer. */
  readonly signal?: AbortSignal | undefined;
}

/** A request for tokens, and the calls that wait for it. */
interface Pending {
  readonly tokens: Promise<StoredTokens>;
  readonly abandoned: AbortController;
  waiting: number;
}

/** The tokens of a grant: used until shortly before they expire, and requested once, however many calls wait. */
export class TokenCache {
  readonly #request: RequestTokens;
  readonly #secrets: SecretMask;
  readonly #now: () => number;
  #tokens: StoredTokens | undefined;
  /** The previous token: calls that were sent with it may still fail, with an answer that repeats it. */
  #retired: string | undefined;
  #pending: Pending | undefined;

  constructor(request: RequestTokens, { secrets, now }: { readonly secrets: SecretMask; readonly now: () => number }) {
    this.#request = request;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** Returns tokens that have not expired. Those without an expiry are used until an API refuses them. */
  async get(wait: TokenWait = {}): Promise<StoredTokens> {
    const tokens = this.#tokens;
    const isUsable = tokens !== undefined && (tokens.expiresAt ?? Number.POSITIVE_INFINITY) > this.#now();
    return isUsable ? tokens : this.#renew(wait);
  }

  /** Returns other tokens than those that an API has refused. */
  replace(refused: StoredTokens, wait: TokenWait = {}): Promise<StoredTokens> {
    return this.#tokens === refused ? this.#renew(wait) : this.get(wait);
  }

  #renew({ observe, signal }: TokenWait): Promise<StoredTokens> {
    this.#pending ??= this.#begin(observe);
    const pending = this.#pending;
    pending.waiting++;
    const leave = () => {
      pending.waiting--;
      if (pending.waiting > 0) return;
      pending.abandoned.abort();
      if (this.#pending === pending) this.#pending = undefined;
    };
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave, { once: true });
    return pending.tokens.finally(() => signal?.removeEventListener("abort", leave));
  }

  #begin(observe: Observe | undefined): Pending {
    const abandoned = new AbortController();
    const tokens = this.#request(this.#tokens, observe, abandoned.signal)
      .then(found => this.#keep(found))
      .finally(() => {
        if (this.#pending === pending) this.#pending = undefined;
      });
    const pending: Pending = { tokens, abandoned, waiting: 0 };
    return pending;
  }

  #keep(tokens: StoredTokens): StoredTokens {
    const last = this.#tokens?.accessToken;
    if (last !== tokens.accessToken) {
      if (this.#retired !== undefined) this.#secrets.remove(this.#retired);
      this.#retired = last;
      this.#secrets.add(tokens.accessToken);
    }
    if (tokens.refreshToken !== undefined) this.#secrets.add(tokens.refreshToken);
    this.#tokens = tokens;
    return tokens;
  }
}
