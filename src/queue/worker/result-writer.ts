import type { BatchStore } from "../batch-store.ts";
import type { StoredResult } from "../job.ts";

/** Results that one command takes. */
const MOST_AT_ONCE = 500;

/** A result, and who waits until it is kept. */
interface Waiting {
  readonly result: StoredResult;
  readonly kept: () => void;
  readonly failed: (error: unknown) => void;
}

/** Writes results of batches into the store: those that end while others are written go together. */
export class ResultWriter {
  readonly #add: BatchStore["addResults"];
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #writing = new Set<string>();

  /** @param add keeps results, also where the store is down for a while */
  constructor(add: BatchStore["addResults"]) {
    this.#add = add;
  }

  /** Keeps a result. Settles when the store has it. */
  add(batch: string, result: StoredResult): Promise<void> {
    return new Promise((kept, failed) => {
      const waiting = this.#waiting.get(batch);
      if (waiting === undefined) this.#waiting.set(batch, [{ result, kept, failed }]);
      else waiting.push({ result, kept, failed });
      if (this.#writing.has(batch)) return;
      this.#writing.add(batch);
      // Calls that end in the same turn of the event loop go together.
      setImmediate(() => void this.#write(batch));
    });
  }

  async #write(batch: string): Promise<void> {
    for (let waiting = this.#next(batch); waiting !== undefined; waiting = this.#next(batch)) {
      const results = waiting.map(({ result }) => result);
      try {
        await this.#add(batch, results);
        for (const { kept } of waiting) kept();
      } catch (error) {
        for (const { failed } of waiting) failed(error);
      }
    }
    this.#writing.delete(batch);
  }

  #next(batch: string): Waiting[] | undefined {
    const waiting = this.#waiting.get(batch);
    if (waiting === undefined) return undefined;
    const next = waiting.splice(0, MOST_AT_ONCE);
    if (waiting.length === 0) this.#waiting.delete(batch);
    return next;
  }
}
