import { setTimeout as sleep } from "node:timers/promises";
import { Pace } from "../../net/layers/pace.ts";
import type { TurnRate } from "../../sharing/shared-store.ts";
import type { Sharing } from "../../sharing/sharing.ts";

/** Turns are asked for so far ahead at most: those of a worker that dies are lost. */
const AHEAD_MS = 200;

/** Says when the calls of a batch may begin: so many in a time, over all workers. */
export class BatchRate {
  readonly #rate: TurnRate;
  readonly #sharing: Sharing | undefined;
  readonly #name: string;
  readonly #stop: AbortSignal;
  /** The turns of this worker, while nothing tells those of all. */
  #own: Pace;
  #workers = 1;

  /**
   * @param batch id of the batch
   * @param sharing tells turns over all workers. `undefined`: each worker takes its share
   */
  constructor(batch: string, rate: TurnRate, sharing: Sharing | undefined, stop: AbortSignal) {
    this.#rate = rate;
    this.#sharing = sharing;
    this.#name = sharing?.name("batch", batch) ?? "";
    this.#stop = stop;
    this.#own = this.#share();
  }

  /** Says how many workers share the batch. */
  set workers(count: number) {
    if (count === this.#workers || count < 1) return;
    this.#workers = count;
    this.#own = this.#share();
  }

  /** Waits for a turn. Ends early where no further row may begin. */
  async turn(): Promise<void> {
    for (;;) {
      const { waitMs, isTurn } = await this.#next();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#stop }).catch(() => {});
      if (isTurn || this.#stop.aborted) return;
    }
  }

  async #next(): Promise<{ readonly waitMs: number; readonly isTurn: boolean }> {
    const own = () => ({ waitsMs: [this.#own.takeTurn()], nextMs: 0 });
    const sharing = this.#sharing;
    const asking = sharing?.ask(store => store.turns(this.#name, evenly(this.#rate), 1, AHEAD_MS), own) ?? own();
    const {
      waitsMs: [waitMs],
      nextMs,
    } = await asking;
    return waitMs === undefined ? { waitMs: Math.max(1, nextMs), isTurn: false } : { waitMs, isTurn: true };
  }

  #share(): Pace {
    const { requests, intervalMs } = this.#rate;
    const share = { requests, intervalMs: intervalMs * this.#workers };
    return new Pace({ rate: share, stop: this.#stop, onPause: undefined });
  }
}

/** Returns a rate whose interval is as short as whole milliseconds allow: turns are spread over the time. */
function evenly({ requests, intervalMs }: TurnRate): TurnRate {
  const few = Math.min(requests, Math.max(1, Math.ceil((SHORTEST_MS * requests) / intervalMs)));
  return { requests: few, intervalMs: Math.ceil((few * intervalMs) / requests) };
}

/** Shortest interval. Rounding it up to a whole millisecond makes a rate 2% lower at most. */
const SHORTEST_MS = 50;
