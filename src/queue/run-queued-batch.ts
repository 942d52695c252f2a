import { setTimeout as sleep } from "node:timers/promises";
import { countOf } from "../base/count-of.ts";
import { areTooMany, type MaxErrors } from "../batch/max-errors.ts";
import type { BatchRow, EndedRow, UnreadableRow } from "../batch/row.ts";
import { absentWorkers } from "./absent-workers.ts";
import { sweepDeadLetters } from "./dead-letters.ts";
import { readResult } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";
import type { TellTrouble } from "./queue-engine.ts";
import { refused } from "./queue-error.ts";
import { type FeedSettings, RowFeeder } from "./row-feeder.ts";

/** How a batch on a queue is followed. */
interface QueuedBatchSettings extends FeedSettings {
  /** Rows that are on the queue, or have results that were not taken, at most. */
  readonly window: number;
  /** `undefined`: any number of rows may fail. */
  readonly maxErrors: MaxErrors | undefined;
  /** Tells whether a row ended in an earlier run: it is passed over. */
  readonly isDone: (row: number) => boolean;
  /** Takes the end of a row down. Until then the queue keeps it. */
  readonly keep: (ended: EndedRow) => Promise<void>;
  /** Orderly stop: what waits is taken back, what is being done ends. Too many failures bring it about. */
  readonly stop: AbortController;
  readonly tell: TellTrouble;
}

/** Reads rows in the order of their numbers; those that are not wanted may be left out. `undefined`: a second time is none. */
export type ReadRows = (
  isWanted: (row: number) => boolean,
) => AsyncIterable<BatchRow | UnreadableRow> | Iterable<BatchRow | UnreadableRow> | undefined;

/** Results that are taken at once. */
const MOST_RESULTS = 1_000;
/** Pauses between two questions for results: the first, and the longest where none come. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;
/** Time between two looks for dead letters. */
const SWEEP_MS = 2_000;
/** Time without results after which it is looked for workers, and for rows that are lost. */
const QUIET_MS = 5_000;
/** Time that an orderly stop waits for results that do not come. */
const STOP_MS = 60_000;

/**
 * Hands rows to workers, and gives the ends of the rows as they arrive. Each is kept before the queue forgets it: whoever
 * goes on after a kill gets it once more, or not at all where it was kept. Who takes the results slowly slows the rows down.
 *
 * @throws CapabilityError `QUEUE_REFUSED` if the queue has lost rows that cannot be read again
 * @throws what reading rows and `keep` throw
 */
export async function* runQueuedBatch(
  queue: JobQueue,
  read: ReadRows,
  settings: QueuedBatchSettings,
): AsyncGenerator<EndedRow, void, undefined> {
  const run = new QueuedRun(queue, read, settings);
  try {
    yield* run.results();
  } finally {
    await run.leave();
  }
}

class QueuedRun {
  readonly #queue: JobQueue;
  readonly #read: ReadRows;
  readonly #settings: QueuedBatchSettings;
  /** Rows without a result. */
  readonly #open = new Set<number>();
  readonly #wake = (): void => this.#onRoom?.();
  #feeding: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasLeft = false;
  #onRoom: (() => void) | undefined;
  #ended = 0;
  #failed = 0;
  #takenBack: number | undefined;
  #quietSince = performance.now();
  #sweptAt = performance.now();
  #hasToldWorkers = false;

  constructor(queue: JobQueue, read: ReadRows, settings: QueuedBatchSettings) {
    this.#queue = queue;
    this.#read = read;
    this.#settings = settings;
    settings.stop.signal.addEventListener("abort", this.#wake, { once: true });
  }

  async *results(): AsyncGenerator<EndedRow, void, undefined> {
    this.#feed(false);
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const ended = await this.#collect();
      for (const end of ended) yield end;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (ended.length > 0) {
        pauseMs = FIRST_PAUSE_MS;
        this.#quietSince = performance.now();
        continue;
      }
      if (await this.#isOver()) break;
      await this.#look();
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    // Those of a batch that goes on later stay.
    if (this.#open.size === 0 && this.#takenBack === undefined) {
      await this.#queue.patiently(() => this.#queue.store.remove(this.#settings.record.id));
    }
  }

  /** Settles when no further row is put on the queue: whoever goes on with the batch must be alone. */
  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.#settings.stop.signal.removeEventListener("abort", this.#wake);
    this.#wake();
    await this.#feeding;
  }

  get #isStopped(): boolean {
    return this.#hasLeft || this.#settings.stop.signal.aborted;
  }

  /** Begins to put rows on the queue. */
  #feed(isRepeat: boolean): void {
    this.#feeding = this.#feedRows(isRepeat)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#feeding = undefined;
      });
  }

  async #feedRows(isRepeat: boolean): Promise<void> {
    const { record, isDone } = this.#settings;
    const state = await this.#queue.patiently(() => this.#queue.store.create(record));
    const isWanted = isRepeat ? (row: number) => this.#open.has(row) : (row: number) => !isDone(row);
    const countsAll = RowFeeder.countsAll(this.#settings);
    const rows = this.#read(countsAll ? () => true : isWanted);
    if (rows === undefined) {
      const lost = `it has lost ${countOf(this.#open.size, "row")}, and standard input cannot be read again. Begin with a file.`;
      throw refused(this.#queue.shown, lost);
    }
    const feeder = new RowFeeder(this.#queue, state, this.#settings, isRepeat);
    try {
      for await (const row of rows) {
        if (this.#isStopped) break;
        if (!isWanted(row.row)) {
          feeder.pass(row);
          continue;
        }
        if (!isRepeat) await this.#waitForPlace(feeder);
        if (this.#isStopped) break;
        // It may have come back meanwhile: an earlier run had it on the queue.
        if (!isWanted(row.row)) {
          feeder.pass(row);
          continue;
        }
        this.#open.add(row.row);
        await feeder.add(row);
      }
      await feeder.flush();
    } finally {
      feeder.close();
    }
  }

  async #waitForPlace(feeder: RowFeeder): Promise<void> {
    if (this.#open.size >= this.#settings.window) await feeder.flush();
    while (this.#open.size >= this.#settings.window && !this.#isStopped) {
      await new Promise<void>(resolve => {
        this.#onRoom = resolve;
      });
    }
  }

  /** Takes results that have come: keeps them, then lets the queue forget them. */
  async #collect(): Promise<readonly EndedRow[]> {
    const { record, isDone, keep, maxErrors } = this.#settings;
    const kept = await this.#queue.patiently(() => this.#queue.store.results(record.id, "0", MOST_RESULTS));
    const last = kept.at(-1);
    if (last === undefined) return [];
    const ended = kept.flatMap(({ line }) => readResult(line) ?? []).filter(({ row }) => !isDone(row));
    await Promise.all(ended.map(keep));
    await this.#queue.patiently(() => this.#queue.store.drop(record.id, last.cursor));
    for (const { row, error } of ended) {
      this.#open.delete(row);
      this.#ended++;
      if (error !== undefined) this.#failed++;
    }
    if (maxErrors !== undefined && areTooMany(maxErrors, this.#failed, this.#ended)) this.#settings.stop.abort();
    this.#onRoom?.();
    return ended;
  }

  /** Returns whether no further results are waited for. */
  async #isOver(): Promise<boolean> {
    if (this.#feeding !== undefined) return false;
    if (this.#open.size === 0) return true;
    if (!this.#isStopped) return false;
    const { record, tell } = this.#settings;
    this.#takenBack ??= await this.#queue.patiently(() =>
      this.#queue.store.takeBack(record.id, record.capability.hash),
    );
    const left = this.#open.size - this.#takenBack;
    if (left <= 0) return true;
    if (performance.now() - this.#quietSince < STOP_MS) return false;
    tell(`${countOf(left, "row")} that workers have taken did not end; --resume takes their results`);
    return true;
  }

  /** Looks after what may go wrong while no results come. */
  async #look(): Promise<void> {
    const { record, tell } = this.#settings;
    const { hash } = record.capability;
    const now = performance.now();
    if (now - this.#sweptAt > SWEEP_MS) {
      this.#sweptAt = now;
      await sweepDeadLetters(this.#queue, hash);
    }
    if (now - this.#quietSince < QUIET_MS || this.#open.size === 0 || this.#hasLeft) return;
    this.#quietSince = now;
    if (this.#feeding === undefined && !this.#isStopped && (await this.#hasLost(hash))) {
      tell(`The queue has lost ${countOf(this.#open.size, "row")}, which are given to it again`);
      this.#feed(true);
      return;
    }
    const problem = await absentWorkers(this.#queue, record);
    if (problem !== undefined && !this.#hasToldWorkers) tell(problem);
    this.#hasToldWorkers = problem !== undefined;
  }

  /** Returns whether rows that have no result are not on the queue either. */
  async #hasLost(hash: string): Promise<boolean> {
    const { id } = this.#settings.record;
    // Failed ones were looked for: those that are left belong to nobody.
    const unfinished = ["wait", "active", "delayed", "prioritized"] as const;
    const count = await this.#queue.patiently(() => this.#queue.queue(hash).getJobCountByTypes(...unfinished));
    if (count > 0) {
      return (await this.#queue.patiently(() => this.#queue.store.find(id))) === undefined;
    }
    const results = await this.#queue.patiently(() => this.#queue.store.results(id, "0", 1));
    return results.length === 0;
  }
}
