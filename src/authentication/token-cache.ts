import type { SecretMask } from "../error/mask-secrets.ts";
import type { Observe } from "../transport/exchange-event.ts";
import type { StoredTokens } from "./login-store.ts";

/** Gets tokens; `previous` are those that are used up, where there were any; `observe` is told of the exchange. */
export type RequestTokens = (
  previous: StoredTokens | undefined,
  observe: Observe | undefined,
) => Promise<StoredTokens>;

/** The tokens of one grant: used until shortly before they expire, and asked for once, however many calls wait. */
export class TokenCache {
  readonly #request: RequestTokens;
  readonly #secrets: SecretMask;
  readonly #now: () => number;
  #tokens: StoredTokens | undefined;
  /** The token before this one: calls that were sent with it may still fail, with an answer that repeats it. */
  #retired: string | undefined;
  #pending: Promise<StoredTokens> | undefined;

  constructor(
    request: RequestTokens,
    { secrets, now }: { readonly secrets: SecretMask; readonly now: () => number },
  ) {
    this.#request = request;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** Tokens that have not expired. Those without an expiry are used until an API refuses them. */
  async get(observe?: Observe): Promise<StoredTokens> {
    const tokens = this.#tokens;
    const isUsable = tokens !== undefined && (tokens.expiresAt ?? Number.POSITIVE_INFINITY) > this.#now();
    return isUsable ? tokens : this.#renew(observe);
  }

  /** Others than those that an API has refused. */
  replace(refused: StoredTokens, observe?: Observe): Promise<StoredTokens> {
    return this.#tokens === refused ? this.#renew(observe) : this.get(observe);
  }

  #renew(observe: Observe | undefined): Promise<StoredTokens> {
    this.#pending ??= this.#request(this.#tokens, observe)
      .then(tokens => this.#keep(tokens))
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
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
