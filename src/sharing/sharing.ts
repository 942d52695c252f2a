import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { isLoopback } from "../base/plain-http.ts";
import { thrownText } from "../base/thrown-text.ts";
import { Seal } from "./seal.ts";
import { sharedName } from "./shared-name.ts";
import type { SharedStore } from "./shared-store.ts";
import type { StoreUrl } from "./store-url.ts";

/** Surroundings of shared state. */
interface SharingContext {
  readonly url: StoreUrl;
  /** Secret of all copies, by which values are sealed. `undefined`: the password of the store. */
  readonly stateKey: string | undefined;
  /** Told when the store cannot be reached, and when it can again. */
  readonly tell: (line: string) => void;
}

/** Time between two signs of life. A store that is down is asked in this time too, and by nothing else. */
const BEAT_MS = 1_000;
/** After this time without a sign of life a copy does not count. */
const MEMBER_LIFE_MS = 5_000;

/** The store as one process sees it: parts of it that are about different tenants have this in common. */
interface Connection {
  readonly store: SharedStore;
  readonly context: SharingContext;
  readonly seal: Seal;
  readonly ending: AbortController;
  isDown: boolean;
  /** When the store answered again, by `performance.now()`. */
  backAt: number;
  copies: number;
}

/**
 * State that this process shares with others. While its store is down, slow, full or read-only, each process does without:
 * nothing waits for it longer than one command may take, and then nothing does until it answers again.
 */
export class Sharing {
  /** Tells this process from others. */
  readonly id: string;
  readonly #connection: Connection;
  readonly #scope: readonly string[];

  private constructor(connection: Connection, scope: readonly string[], id: string) {
    this.#connection = connection;
    this.#scope = scope;
    this.id = id;
  }

  /** Begins to share. The store need not be there. */
  static async open(store: SharedStore, context: SharingContext): Promise<Sharing> {
    const seal = new Seal(context.stateKey ?? context.url.url.password);
    const connection = {
      store,
      context,
      seal,
      ending: new AbortController(),
      isDown: false,
      backAt: Number.NEGATIVE_INFINITY,
      copies: 1,
    };
    const sharing = new Sharing(connection, [], randomUUID());
    await sharing.#beat();
    void sharing.#keepBeating();
    if (!connection.isDown) await sharing.#warnOfEviction();
    return sharing;
  }

  /** Returns a part of it with names of its own, such as for a tenant. */
  within(scope: string): Sharing {
    return new Sharing(this.#connection, [...this.#scope, scope], this.id);
  }

  /** How many processes share, as far as is known: at least this one. */
  get copies(): number {
    return this.#connection.copies;
  }

  get isDown(): boolean {
    return this.#connection.isDown;
  }

  /** Tells whether the store was away, and came back to the last process that noticed less than a time ago. */
  isBackSince(ms: number): boolean {
    return performance.now() - this.#connection.backAt < ms + BEAT_MS * 1.5;
  }

  /**
   * Whether nobody but the processes that share can write values that open: they have a key, or the store has a password,
   * or only programs of this computer reach it.
   */
  get isTrusted(): boolean {
    const { stateKey, url } = this.#connection.context;
    return (stateKey ?? url.url.password) !== "" || isLoopback(url.url.hostname);
  }

  /** Returns the name of something in the store. */
  name(kind: string, ...parts: readonly string[]): string {
    return sharedName(kind, ...this.#scope, ...parts);
  }

  /** @see Seal.hide */
  hide(text: string): string {
    return this.#connection.seal.hide(text);
  }

  /** @see Seal.close */
  seal(name: string, value: string, more?: string): Buffer {
    return this.#connection.seal.close(name, value, more);
  }

  /** @see Seal.open */
  unseal(name: string, sealed: Buffer | undefined, more?: string): string | undefined {
    return sealed && this.#connection.seal.open(name, sealed, more);
  }

  /**
   * Asks the store.
   *
   * @param question calls methods of the store, and nothing else that may fail
   * @param without answers in its place while it is down
   */
  async ask<Answer, Local>(
    question: (store: SharedStore) => Promise<Answer>,
    without: () => Local | Promise<Local>,
  ): Promise<Answer | Local> {
    const connection = this.#connection;
    if (connection.isDown) return without();
    try {
      return await question(connection.store);
    } catch (error) {
      this.#lost(error);
      return without();
    }
  }

  /** Gives its places up and ends the connection. */
  async close(): Promise<void> {
    const { ending, store, isDown } = this.#connection;
    ending.abort();
    if (!isDown) await store.members(MEMBERS, this.id, 1).catch(() => {});
    await store.close();
  }

  async #keepBeating(): Promise<void> {
    const { signal } = this.#connection.ending;
    while (!signal.aborted) {
      await wait(BEAT_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.#beat();
    }
  }

  async #beat(): Promise<void> {
    const connection = this.#connection;
    try {
      const found = await connection.store.members(MEMBERS, this.id, MEMBER_LIFE_MS);
      // A store that came back may have forgotten the others, which say so again one after the other.
      const least = connection.isDown || this.isBackSince(MEMBER_LIFE_MS) ? connection.copies : 1;
      connection.copies = Math.max(found, least);
      if (!connection.isDown) return;
      connection.isDown = false;
      connection.backAt = performance.now();
      connection.context.tell(`shared state at ${connection.context.url.shown} is there again`);
    } catch (error) {
      this.#lost(error);
    }
  }

  #lost(error: unknown): void {
    const connection = this.#connection;
    if (connection.isDown || connection.ending.signal.aborted) return;
    connection.isDown = true;
    const { copies, context } = connection;
    const share = copies === 1 ? "as if this were the only copy" : `at this copy's share, one of ${copies}`;
    context.tell(
      `warning: shared state at ${context.url.shown} cannot be used (${reasonOf(error)}): ` +
        `limits are held ${share}, and tokens are requested by each copy, until it is there again`,
    );
  }

  async #warnOfEviction(): Promise<void> {
    const { store, context } = this.#connection;
    const setting = await store.evicts().catch(() => undefined);
    if (setting === undefined) return;
    context.tell(`warning: ${context.url.shown} forgets what is shared when its memory is full: ${setting}`);
  }
}

/** Name of the processes that share. */
const MEMBERS = sharedName("copies");

/** Returns why the store cannot be used, in a few words: messages of drivers may hold what was sent. */
function reasonOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  const word = /^(?:READONLY|OOM|NOAUTH|WRONGPASS|LOADING|NOPERM|MISCONF|BUSY|MASTERDOWN)\b/.exec(String(message))?.[0];
  if (word !== undefined) return word;
  if (/timed out/i.test(String(message))) return "it does not answer in time";
  if (/writeable|closed|max retries/i.test(String(message))) return "no connection";
  return typeof name === "string" ? name : thrownText(error);
}
