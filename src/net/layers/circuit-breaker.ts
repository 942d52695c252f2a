/** When a breaker opens, and for how long. */
export interface BreakerOptions {
  /** The part of the calls that must fail, from 0 to 1. */
  readonly errorRate: number;
  /** Calls without which no rate is worked out. */
  readonly minimumCalls: number;
  /** How far back calls count. */
  readonly windowMs: number;
  /** How long nothing is let through. */
  readonly openMs: number;
}

/** A call that was let through: to be told how it ended. */
export interface BreakerPass {
  /** Takes how the call ended. One that was aborted says nothing about the host. */
  ended(how: "good" | "bad" | "aborted"): void;
}

/** Why a call is not let through. */
export interface BreakerRefusal {
  readonly calls: number;
  readonly failures: number;
  /** Absent while the answer to a probe is waited for. */
  readonly retryInMs?: number;
}

/** Counted in so many parts of the window, which go one by one. */
const PARTS = 10;

interface Part {
  readonly startedAt: number;
  calls: number;
  failures: number;
}

type State =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly until: number; readonly calls: number; readonly failures: number };

/**
 * Keeps calls from a host at which most calls have failed. After some time it lets one through, which decides.
 *
 * Own code: cockatiel lets calls wait for the probe in place of refusing them, and counts failures of long ago.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #clock: () => number;
  #state: State = { kind: "closed" };
  #probing = false;
  #parts: Part[] = [];
  /** Calls from before the last change of state no longer count. */
  #generation = 0;

  /** @param clock milliseconds from any moment on */
  constructor(options: BreakerOptions, clock: () => number = () => performance.now()) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Returns why a call would be refused now. */
  refusal(): BreakerRefusal | undefined {
    const state = this.#state;
    if (state.kind === "closed") return undefined;
    const { calls, failures, until } = state;
    if (this.#probing) return { calls, failures };
    const retryInMs = until - this.#clock();
    return retryInMs > 0 ? { calls, failures, retryInMs } : undefined;
  }

  /** Lets a call through that is not refused. */
  enter(): BreakerPass {
    const generation = this.#generation;
    const isProbe = this.#state.kind === "open";
    this.#probing ||= isProbe;
    return {
      ended: how => {
        if (generation !== this.#generation) return;
        if (isProbe) this.#probed(how);
        else if (how !== "aborted") this.#count(how === "bad");
      },
    };
  }

  #probed(how: "good" | "bad" | "aborted"): void {
    this.#probing = false;
    if (how === "good") this.#change({ kind: "closed" });
    else if (how === "bad" && this.#state.kind === "open")
      this.#change({ ...this.#state, until: this.#clock() + this.#options.openMs });
  }

  #count(failed: boolean): void {
    const { windowMs, minimumCalls, errorRate, openMs } = this.#options;
    const now = this.#clock();
    const part = this.#currentPart(now, windowMs);
    part.calls++;
    if (!failed) return;
    part.failures++;
    const calls = this.#parts.reduce((sum, counted) => sum + counted.calls, 0);
    const failures = this.#parts.reduce((sum, counted) => sum + counted.failures, 0);
    if (calls >= minimumCalls && failures / calls >= errorRate)
      this.#change({ kind: "open", until: now + openMs, calls, failures });
  }

  #currentPart(now: number, windowMs: number): Part {
    const last = this.#parts.at(-1);
    if (last !== undefined && now - last.startedAt < windowMs / PARTS) return last;
    const part = { startedAt: now, calls: 0, failures: 0 };
    this.#parts = [...this.#parts.filter(({ startedAt }) => now - startedAt < windowMs), part];
    return part;
  }

  #change(state: State): void {
    this.#state = state;
    this.#parts = [];
    this.#generation++;
  }
}
