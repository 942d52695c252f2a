import { setTimeout as sleep } from "node:timers/promises";
import type { TurnRate } from "../../sharing/shared-store.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import { FairQueue, type TurnOptions } from "./fair-queue.ts";
import { TurnLog } from "./turn-log.ts";

/** Limits of requests to a host, over all processes that share. */
interface SharedLimits {
  readonly rate: TurnRate | undefined;
  /** `Infinity`: no limit. */
  readonly concurrency: number;
}

/** Turns are asked for so far ahead at most: those of a process that ends are lost. */
const AHEAD_MS = 100;
/** An answer about places holds for this time, so that they go to those that need them. */
const PLACES_FRESH_MS = 100;
/** Time after which the places of a process that has ended are free. */
const PLACES_LIFE_MS = 10_000;
/** Time between two questions of a process that waits for a place. */
const POLL_MS = 20;

/**
 * The turns of requests to one host, which processes share: as many begin in an interval, and are under way, as are allowed
 * all of them together. While nothing can be shared, this process takes its share of both.
 */
export class SharedTurns {
  readonly #limits: SharedLimits;
  readonly #sharing: Sharing;
  readonly #rateName: string;
  readonly #placesName: string;
  readonly #waiting = new FairQueue();
  /** Turns that this process has taken: it goes on with them while nothing is shared. */
  readonly #log = new TurnLog();
  /** Requests under way. */
  #pending = 0;
  /** Requests whose turn is fixed. */
  #scheduled = 0;
  /** Places that this process may use. */
  #may = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isPumping = false;
  #watching: NodeJS.Timeout | undefined;
  #wake: () => void = () => {};
  #ids = 0;

  constructor(host: string, limits: SharedLimits, sharing: Sharing) {
    this.#limits = limits;
    this.#sharing = sharing;
    this.#rateName = sharing.name("turns", host, JSON.stringify(limits.rate ?? null));
    this.#placesName = sharing.name("places", host, String(limits.concurrency));
  }

  get pending(): number {
    return this.#pending;
  }

  /** Runs something when it is its turn. Rejects when the signal is aborted before. */
  add(run: () => Promise<void>, { lane, signal }: TurnOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const id = String(this.#ids++);
      const abort = () => {
        this.#waiting.remove(id);
        reject(signal?.reason);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      const begin = async () => {
        signal?.removeEventListener("abort", abort);
        await run().then(resolve, reject);
      };
      this.#waiting.enqueue(begin, { id, ...(lane === undefined ? {} : { lane }) });
      void this.#pump();
    });
  }

  /** Gives turns to those that wait, until none does. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let wanted = this.#wanted(); wanted > 0; wanted = this.#wanted()) {
        const free = Math.min(wanted, await this.#freePlaces());
        const { waitsMs, nextMs } = free === 0 ? { waitsMs: [], nextMs: POLL_MS } : await this.#turns(free);
        for (const waitMs of waitsMs) this.#schedule(waitMs);
        if (waitsMs.length === 0) await this.#pause(nextMs);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  /** Returns how many wait whose turn is not fixed. */
  #wanted(): number {
    return this.#waiting.size - this.#scheduled;
  }

  #schedule(waitMs: number): void {
    this.#scheduled++;
    if (waitMs <= 0) this.#begin();
    else setTimeout(() => this.#begin(), waitMs);
  }

  #begin(): void {
    this.#scheduled--;
    const run = this.#waiting.dequeue();
    // The one that it was for may have gone.
    if (run === undefined) return;
    this.#pending++;
    void run().finally(() => {
      this.#pending--;
      this.#wake();
    });
  }

  /** Waits, or until a request has ended. */
  async #pause(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(Math.max(1, Math.min(ms, AHEAD_MS)), undefined, { signal: woken.signal }).catch(() => {});
    this.#wake = () => {};
  }

  async #turns(waiting: number): Promise<{ readonly waitsMs: readonly number[]; readonly nextMs: number }> {
    const { rate } = this.#limits;
    if (rate === undefined) return { waitsMs: Array<number>(waiting).fill(0), nextMs: 0 };
    // Few at a time, so that no process has all turns of an interval when what is shared goes away.
    const wanted = Math.min(waiting, Math.ceil((rate.requests * AHEAD_MS) / rate.intervalMs));
    const sharing = this.#sharing;
    const share = shareOf(rate, sharing.copies);
    const own = () => this.#log.take(share, wanted, AHEAD_MS);
    const turns = await sharing.ask(store => store.turns(this.#rateName, rate, wanted, AHEAD_MS), own);
    if (sharing.isDown) return turns;
    // What is shared may have forgotten the turns of before: until all are in it again, each keeps to its share, too.
    if (sharing.isBackSince(rate.intervalMs)) {
      const { waitsMs, nextMs } = this.#log.take(share, turns.waitsMs.length, AHEAD_MS);
      return { waitsMs: waitsMs.map((ms, index) => Math.max(ms, turns.waitsMs[index] ?? 0)), nextMs };
    }
    this.#log.add(turns.waitsMs, rate);
    return turns;
  }

  /** Returns how many requests may begin now. */
  async #freePlaces(): Promise<number> {
    if (this.#limits.concurrency === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const isFresh = performance.now() - this.#askedAt < PLACES_FRESH_MS;
    if (!isFresh || this.#may <= this.#used()) await this.#askForPlaces();
    this.#watch();
    return Math.max(0, this.#may - this.#used());
  }

  #used(): number {
    return this.#pending + this.#scheduled;
  }

  async #askForPlaces(): Promise<void> {
    const { concurrency: limit } = this.#limits;
    const used = this.#used();
    const wanted = used + Math.max(0, this.#wanted());
    // Nothing begins meanwhile that the question does not tell of.
    this.#may = used;
    const sharing = this.#sharing;
    this.#may = await sharing.ask(
      store => store.places(this.#placesName, sharing.id, { used, wanted, limit, lifeMs: PLACES_LIFE_MS }),
      () => Math.max(1, Math.floor(limit / sharing.copies)),
    );
    this.#askedAt = performance.now();
  }

  /** Tells again and again which places are used, until none is. */
  #watch(): void {
    this.#watching ??= setInterval(() => {
      if (this.#isPumping) return;
      void this.#askForPlaces();
      if (this.#used() > 0 || this.#waiting.size > 0) return;
      clearInterval(this.#watching);
      this.#watching = undefined;
    }, PLACES_FRESH_MS).unref();
  }
}

/** Returns the rate of one of several processes. */
function shareOf({ requests, intervalMs }: TurnRate, copies: number): TurnRate {
  if (requests >= copies) return { requests: Math.floor(requests / copies), intervalMs };
  return { requests: 1, intervalMs: (intervalMs * copies) / requests };
}
