import type { Queue, QueueAddOptions } from "p-queue";
import { getOrSet } from "../../base/get-or-set.ts";

type Run = () => Promise<unknown>;

/** Options of a request that waits. */
export interface TurnOptions extends QueueAddOptions {
  /** Owner of the request. Requests of one owner wait in order; those of several take turns. */
  readonly lane?: object;
}

/** The order in which p-queue lets requests go: round robin between lanes, first come first served within one. */
export class FairQueue implements Queue<Run, TurnOptions> {
  /** The lane whose turn it is comes first. */
  readonly #lanes = new Map<object | undefined, { readonly id: string | undefined; readonly run: Run }[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  enqueue(run: Run, { lane, id }: Partial<TurnOptions> = {}): void {
    getOrSet(this.#lanes, lane, () => []).push({ id, run });
    this.#size++;
  }

  dequeue(): Run | undefined {
    for (const [lane, waiting] of this.#lanes) {
      const next = waiting.shift();
      this.#lanes.delete(lane);
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      if (next !== undefined) this.#size--;
      return next?.run;
    }
    return undefined;
  }

  /** Removes a request whose signal is aborted while it waits. */
  remove(id: string): void {
    for (const [lane, waiting] of this.#lanes) {
      const index = waiting.findIndex(entry => entry.id === id);
      if (index < 0) continue;
      waiting.splice(index, 1);
      if (waiting.length === 0) this.#lanes.delete(lane);
      this.#size--;
      return;
    }
  }

  /** Returns all requests: they have no priority. */
  filter(): Run[] {
    return [...this.#lanes.values()].flatMap(waiting => waiting.map(({ run }) => run));
  }

  setPriority(): void {}
}
