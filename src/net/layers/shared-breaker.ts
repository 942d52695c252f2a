import type { Sharing } from "../../sharing/sharing.ts";
import { type BreakerOptions, type BreakerPass, type BreakerRefusal, CircuitBreaker } from "./circuit-breaker.ts";

/** Time between two exchanges of counts. */
const EXCHANGE_MS = 100;
/** How long what is known of the others holds: calls that follow each other wait for no news. */
const NEWS_MS = 200;
/** How long a process may take for the call that decides. */
const PROBE_MS = 30_000;
/** How long it stays known that a breaker has opened, beyond its time. */
const OPEN_MORE_MS = 60_000;

interface Open {
  readonly until: number;
  readonly calls: number;
  readonly failures: number;
}

/**
 * A circuit breaker of processes that share: all their calls count, it opens for all of them, and one of them sends the call
 * that decides. While nothing can be shared, each has a breaker of its own.
 */
export class SharedBreaker {
  readonly #options: BreakerOptions;
  readonly #sharing: Sharing;
  readonly #own: CircuitBreaker;
  readonly #names: { readonly tally: string; readonly open: string; readonly probe: string };
  #open: Open | undefined;
  /** Whether this process may send the call that decides. */
  #mayProbe = false;
  #isProbing = false;
  #calls = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(host: string, options: BreakerOptions, sharing: Sharing) {
    this.#options = options;
    this.#sharing = sharing;
    this.#own = new CircuitBreaker(options);
    const name = (kind: string) => sharing.name(kind, host, JSON.stringify(options));
    this.#names = { tally: name("tally"), open: name("open"), probe: name("probe") };
  }

  /** Finds out what the others know, where that may have changed since. */
  async prepare(): Promise<void> {
    const open = this.#open;
    if (open === undefined) {
      if (performance.now() - this.#askedAt < NEWS_MS) return;
      this.#asking ??= this.#exchange().finally(() => {
        this.#asking = undefined;
      });
      return this.#asking;
    }
    if (this.#mayProbe || this.#isProbing || performance.now() < open.until) return;
    const { names, sharing } = { names: this.#names, sharing: this.#sharing };
    const found = await sharing.ask(
      store => Promise.all([store.get(names.open), store.pausedMs(names.open + PAUSE)]),
      () => undefined,
    );
    if (found === undefined) return;
    const [value, pausedMs] = found;
    if (value === undefined) this.#open = undefined;
    else if (pausedMs > 0) this.#open = { ...open, until: performance.now() + pausedMs };
    else {
      const id = Buffer.from(sharing.id);
      const other = await sharing.ask(
        store => store.setIfAbsent(names.probe, id, PROBE_MS),
        () => undefined,
      );
      if (other === undefined || other.equals(id)) this.#mayProbe = true;
      else this.#open = { ...open, until: performance.now() + EXCHANGE_MS };
    }
  }

  /** Returns why a call would be refused now. */
  refusal(): BreakerRefusal | undefined {
    if (this.#sharing.isDown) return this.#own.refusal();
    if (this.#open === undefined) return undefined;
    const { calls, failures, until } = this.#open;
    if (this.#isProbing) return { calls, failures };
    const retryInMs = until - performance.now();
    return retryInMs > 0 ? { calls, failures, retryInMs } : undefined;
  }

  /** Lets a call through that is not refused. */
  enter(): BreakerPass {
    const own = this.#own.enter();
    const isProbe = this.#open !== undefined;
    this.#mayProbe = false;
    this.#isProbing ||= isProbe;
    return {
      ended: how => {
        own.ended(how);
        if (isProbe) {
          this.#isProbing = false;
          void this.#probed(how);
        } else if (how !== "aborted") {
          this.#calls++;
          if (how === "bad") this.#failures++;
          this.#timer ??= setTimeout(() => void this.#exchange(), EXCHANGE_MS).unref();
        }
      },
    };
  }

  async #probed(how: "good" | "bad" | "aborted"): Promise<void> {
    const { tally, open, probe } = this.#names;
    const id = Buffer.from(this.#sharing.id);
    const before = this.#open;
    if (how === "good") {
      this.#open = undefined;
      await this.#sharing.ask(
        store => Promise.all([store.delete(tally), store.delete(open), store.delete(probe, id)]),
        () => undefined,
      );
      return;
    }
    if (how === "bad" && before !== undefined) await this.#opens(before);
    await this.#sharing.ask(
      store => store.delete(probe, id),
      () => undefined,
    );
  }

  async #exchange(): Promise<void> {
    const more = { calls: this.#calls, failures: this.#failures };
    this.#calls = 0;
    this.#failures = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#askedAt = performance.now();
    const { tally, open } = this.#names;
    const { windowMs, minimumCalls, errorRate } = this.#options;
    const found = await this.#sharing.ask(
      store => Promise.all([store.tally(tally, windowMs, more), store.get(open), store.pausedMs(open + PAUSE)]),
      () => undefined,
    );
    if (found === undefined || this.#open !== undefined) return;
    const [sum, value, pausedMs] = found;
    if (value !== undefined) this.#open = { ...sum, until: performance.now() + pausedMs };
    else if (more.failures > 0 && sum.calls >= minimumCalls && sum.failures / sum.calls >= errorRate)
      await this.#opens(sum);
  }

  /** Opens the breaker for all. */
  async #opens({ calls, failures }: Pick<Open, "calls" | "failures">): Promise<void> {
    const { openMs } = this.#options;
    this.#open = { calls, failures, until: performance.now() + openMs };
    const { open, tally } = this.#names;
    await this.#sharing.ask(
      store =>
        Promise.all([
          store.pause(open + PAUSE, openMs),
          store.set(open, Buffer.from("open"), openMs + OPEN_MORE_MS),
          store.delete(tally),
        ]),
      () => undefined,
    );
  }
}

/** Behind the name of an open breaker: the time in which nothing is let through. */
const PAUSE = ":pause";
