import { setTimeout as sleep } from "node:timers/promises";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import { serverWait } from "./server-wait.ts";

/** How often requests may begin. */
export interface PaceRate {
  readonly requests: number;
  readonly intervalMs: number;
}

/** A pause that an API has asked for. */
export interface HostPause {
  /** `https://shelf.example:8443` */
  readonly origin: string;
  readonly waitMs: number;
  readonly status: number;
  /** The header that asks for it, in lower case. `undefined` for status 429 alone. */
  readonly header: string | undefined;
}

/** Pauses that other processes keep, too. Both are best effort: neither throws. */
export interface SharedPauses {
  /** Tells the others of a pause. */
  tell(origin: string, waitMs: number): void;
  /** Returns the rest of a pause that another process has told of, in milliseconds. */
  restMs(origin: string): number;
}

/** The pace of calls that belong together. */
interface PaceOptions {
  /** `undefined`: as often as they like. */
  readonly rate: PaceRate | undefined;
  /** Aborted when no further request may begin. */
  readonly stop: AbortSignal;
  readonly onPause: ((pause: HostPause) => void) | undefined;
  readonly shared?: SharedPauses | undefined;
}

/** State of an origin. Times are those of `performance.now()`: the clock of the day may jump. */
interface PacedHost {
  readonly origin: string;
  pausedUntil: number;
  /** Number of its last pause: answers to requests that were sent before it tell nothing new. */
  pauses: number;
  /** Pauses in a row after which the API has asked for another one, with no other answer between them. */
  fruitless: number;
}

/** Pause for status 429 without a header. It doubles while nothing else is answered. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Pauses in a row after which calls fail. */
const MOST_FRUITLESS = 5;
/** Behind the end of a pause, so that not all come at once. */
const LEAST_SPREAD_MS = 50;
const MOST_SPREAD_MS = 1_000;
/** How late timers may be without lowering the rate. */
const SLACK_MS = 20;
/** Longest sleep at once: a pause may be made longer meanwhile. */
const LONGEST_SLEEP_MS = 30_000;

/** Says when requests of calls that belong together begin, and pauses all of them when an API asks one to wait. */
export class Pace {
  readonly stop: AbortSignal;
  readonly #options: PaceOptions;
  readonly #stepMs: number;
  readonly #hosts = new Map<string, PacedHost>();
  #nextTurn = 0;
  #now: () => number;

  constructor(options: PaceOptions, now: () => number = () => performance.now()) {
    const { rate, stop } = options;
    this.stop = stop;
    this.#options = options;
    this.#stepMs = rate === undefined ? 0 : rate.intervalMs / rate.requests;
    this.#now = now;
  }

  /**
   * Takes a turn of the rate. Turns are spread evenly.
   *
   * @returns milliseconds until it comes
   */
  takeTurn(): number {
    if (this.#stepMs === 0) return 0;
    const now = this.#now();
    const at = Math.max(this.#nextTurn, now - SLACK_MS);
    this.#nextTurn = at + this.#stepMs;
    return Math.max(0, at - now);
  }

  /** Returns the milliseconds until an origin may be asked again. */
  restMs(origin: string): number {
    const host = this.#hosts.get(origin);
    const own = host === undefined ? 0 : host.pausedUntil - this.#now();
    return Math.max(0, own, this.#options.shared?.restMs(origin) ?? 0);
  }

  /** Returns the milliseconds until any of the origins that were asked before may be asked again. */
  leastRestMs(): number {
    if (this.#hosts.size === 0) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (const origin of this.#hosts.keys()) least = Math.min(least, this.restMs(origin));
    return least;
  }

  /** Returns the number of the last pause of an origin, for {@link answered}. */
  begin(origin: string): number {
    const known = this.#hosts.get(origin);
    if (known !== undefined) return known.pauses;
    this.#hosts.set(origin, { origin, pausedUntil: 0, pauses: 0, fruitless: 0 });
    return 0;
  }

  /**
   * Learns from an answer.
   *
   * @param begun what {@link begin} has returned when its request was sent
   * @returns the pause that the API asks for, and whether it is worth sending the request again after it
   */
  answered(
    origin: string,
    status: number,
    headers: ResponseHeaders,
    begun: number,
  ): { readonly waitMs: number; readonly isWorthwhile: boolean } | undefined {
    const host = this.#hosts.get(origin);
    if (host === undefined) return undefined;
    if (status < 400) {
      host.fruitless = 0;
      return undefined;
    }
    const asked = serverWait(status, headers, Date.now());
    // An API that asks for no pause is asked again as after other failures.
    if (asked === undefined ? status !== 429 : asked.waitMs === 0) return undefined;
    if (begun === host.pauses) {
      // The first answer since the last pause that asks for another one.
      host.pauses++;
      host.fruitless++;
    }
    const usual = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, host.fruitless - 1));
    const waitMs = asked?.waitMs ?? usual;
    this.#pause(host, { origin, waitMs, status, header: asked?.header });
    return { waitMs, isWorthwhile: host.fruitless <= MOST_FRUITLESS };
  }

  #pause(host: PacedHost, pause: HostPause): void {
    const until = this.#now() + pause.waitMs;
    const before = host.pausedUntil;
    host.pausedUntil = Math.max(before, until);
    // Answers to requests that were under way repeat what is known.
    if (until <= before + MOST_SPREAD_MS && before > this.#now()) return;
    this.#options.shared?.tell(pause.origin, pause.waitMs);
    this.#options.onPause?.(pause);
  }

  /**
   * Waits until an origin may be asked.
   *
   * @throws when the signal is aborted
   */
  async untilFree(origin: string, signal: AbortSignal): Promise<void> {
    let longest = 0;
    for (let rest = this.restMs(origin); rest > 0; rest = this.restMs(origin)) {
      longest = Math.max(longest, rest);
      await sleep(Math.min(rest, LONGEST_SLEEP_MS), undefined, { signal });
    }
    if (longest === 0) return;
    const spread = Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, longest / 10));
    await sleep(Math.random() * spread, undefined, { signal });
  }
}
