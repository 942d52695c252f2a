import { sharedName } from "../../sharing/shared-name.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import { Refusal } from "../refusal.ts";
import { CLAIM_MS, Claim } from "./claim.ts";
import { entryText, type KeptAnswer, type LedgerEntry, parseEntry } from "./ledger-entry.ts";
import { OwnEntries } from "./own-entries.ts";

/** A request that has a key. */
interface KeyedRequest {
  readonly key: string;
  /** Tells its caller from others, with the tenant. `undefined`: nobody has to say who they are. */
  readonly caller: string | undefined;
  /** Tells the request from others. */
  readonly fingerprint: string;
  /** Returns a digest of the values of header fields. */
  readonly digestOf: (fields: readonly string[]) => string;
}

/**
 * Remembers the answers to requests whose callers give them a key, so that a request that is sent again has the effect of
 * one (draft-ietf-httpapi-idempotency-key-header). All processes that share remember together; without a store, or while
 * it is away, each does by itself.
 */
export class IdempotencyLedger {
  readonly #sharing: Sharing | undefined;
  readonly #own: OwnEntries;
  readonly #scope: readonly string[];

  constructor(sharing: Sharing | undefined, own: OwnEntries = new OwnEntries(), scope: readonly string[] = []) {
    this.#sharing = sharing;
    this.#own = own;
    this.#scope = scope;
  }

  /** Returns a part of it with keys of its own, such as for an adapter. */
  within(scope: string): IdempotencyLedger {
    return new IdempotencyLedger(this.#sharing, this.#own, [...this.#scope, scope]);
  }

  /**
   * Finds the answer that the request got before. Without one, the request is the first of its key.
   *
   * @throws Refusal 422 for a key that another request had; 409 while the first request runs, and for an answer that was
   *   not kept; 503 where too many run
   */
  async begin(request: KeyedRequest): Promise<KeptAnswer | Claim> {
    const { key, caller = "", fingerprint } = request;
    const sharing = this.#sharing;
    const subject = JSON.stringify([caller, key]);
    const name = sharedName("idempotency", ...this.#scope, sharing?.hide(subject) ?? subject);
    const own = this.#own.get(name);
    if (own !== undefined) return answerOf(own, request);
    this.#own.begin(name, fingerprint);
    if (sharing === undefined) return new Claim(name, this.#own, undefined);
    // Each claim is sealed anew, so that no two are the same.
    const claim = sharing.seal(name, entryText({ kind: "running", fingerprint }), key);
    const others = await sharing.ask(
      async store => {
        const found = await store.setIfAbsent(name, claim, CLAIM_MS);
        const text = sharing.unseal(name, found, key);
        // One that does not open is by somebody who has another secret.
        if (found !== undefined && text === undefined) await store.replace(name, found, claim, CLAIM_MS);
        return text;
      },
      () => undefined,
    );
    if (others === undefined) return new Claim(name, this.#own, { sharing, claim, key });
    this.#own.end(name);
    return answerOf(parseEntry(others), request);
  }
}

/** Returns the answer to a request whose key was used before. */
function answerOf(entry: LedgerEntry, { fingerprint, digestOf }: KeyedRequest): KeptAnswer {
  if (entry.fingerprint !== fingerprint)
    throw new Refusal(
      422,
      "The Idempotency-Key was used for another request: method, URL and body have to be the same",
    );
  if (entry.kind === "running")
    throw new Refusal(409, "The first request with this Idempotency-Key is still running", { "retry-after": "1" });
  // Its calls were made with a credential of the one who sent it.
  if (digestOf(entry.fields) !== entry.fieldsDigest)
    throw new Refusal(422, `The Idempotency-Key was used with another header ${entry.fields.join(" or ")}`);
  if (entry.answer !== undefined) return entry.answer;
  throw new Refusal(
    409,
    `The first request with this Idempotency-Key was answered with status ${entry.status}; the answer was not kept, since it was long, or a stream`,
  );
}
