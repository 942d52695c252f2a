import type { Sharing } from "../../sharing/sharing.ts";
import { entryText, type GivenAnswer } from "./ledger-entry.ts";
import type { OwnEntries } from "./own-entries.ts";

/** How long answers are kept. */
const LIFE_MS = 86_400_000;
/** How long the request of a process that says no more counts as running. */
export const CLAIM_MS = 10_000;

/** Place of a claim in the store that processes share. */
interface SharedPlace {
  readonly sharing: Sharing;
  /** The claim, sealed. */
  readonly claim: Buffer;
  /** Secret of the caller that seals the answer. */
  readonly key: string;
}

/** A request that is the first of its key, until its answer is known. */
export class Claim {
  readonly #name: string;
  readonly #own: OwnEntries;
  readonly #shared: SharedPlace | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> | undefined;

  constructor(name: string, own: OwnEntries, shared: SharedPlace | undefined) {
    this.#name = name;
    this.#own = own;
    this.#shared = shared;
    if (shared !== undefined) this.#timer = setInterval(() => this.#renew(shared), CLAIM_MS / 3).unref();
  }

  /** Keeps what was answered. */
  async keep(given: GivenAnswer): Promise<void> {
    this.#own.keep(this.#name, given, LIFE_MS);
    await this.#end(({ sharing, claim, key }) => {
      const sealed = sharing.seal(this.#name, entryText(given), key);
      return sharing.ask(
        async store => {
          if (await store.replace(this.#name, claim, sealed, LIFE_MS)) return;
          // It was claimed without the store, or the store has lost it.
          await store.setIfAbsent(this.#name, sealed, LIFE_MS);
        },
        () => {},
      );
    });
  }

  /** Gives the key back: the next request with it is sent as the first one. */
  release(): Promise<void> {
    return this.#end(({ sharing, claim }) =>
      sharing.ask(
        store => store.delete(this.#name, claim),
        () => {},
      ),
    );
  }

  async #end(share: (place: SharedPlace) => Promise<void>): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    if (this.#shared !== undefined) await share(this.#shared);
    this.#own.end(this.#name);
  }

  #renew({ sharing, claim }: SharedPlace): void {
    this.#renewing = sharing.ask(
      async store => {
        if (await store.replace(this.#name, claim, claim, CLAIM_MS)) return;
        await store.setIfAbsent(this.#name, claim, CLAIM_MS);
      },
      () => {},
    );
  }
}
