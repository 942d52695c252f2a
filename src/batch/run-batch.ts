import { setTimeout as sleep } from "node:timers/promises";
import { abortedError } from "../base/aborted-error.ts";
import { type CapabilityError, type ErrorCode, isCapabilityError } from "../base/capability-error.ts";
import { prepareSignal } from "../base/long-lived-signal.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import type { Operation } from "../language/model/types.ts";
import type { Pace } from "../net/layers/pace.ts";
import { callRow, type RowCallOptions } from "./call-row.ts";
import { KeySet } from "./key-set.ts";
import { areTooMany, type MaxErrors } from "./max-errors.ts";
import type { BatchRow, EndedRow, UnreadableRow } from "./row.ts";

/** How rows are worked off. */
export interface BatchSettings {
  readonly runtime: Runtime;
  readonly called: Operation | Unit;
  /** Rows that are called for at once. */
  readonly concurrency: number;
  /** The order of the results: as rows end, or as they were read. */
  readonly order: "finished" | "rows";
  /** `undefined`: any number of rows may fail. */
  readonly maxErrors: MaxErrors | undefined;
  /** Says when requests begin, and stops. */
  readonly pace: Pace;
  /** Stops the pace: nothing more begins, calls under way end. */
  readonly stop: () => void;
  /** Options of each call. */
  readonly call: Omit<RowCallOptions, "pace" | "hasTurn" | "idempotencyKey">;
  readonly idempotencyKeyOf: ((row: BatchRow) => string) | undefined;
  /** Whether keys are the user's own: a later row with the key of an earlier one is not sent. */
  readonly hasOwnKeys: boolean;
  /** Tells whether a row ended in an earlier run: it is passed over. */
  readonly isDone: (row: number) => boolean;
  /** Takes the end of a row down. Until then its place is not free for another row. */
  readonly keep: ((ended: EndedRow) => Promise<void>) | undefined;
}

/** Rows from anywhere: a generator, a list, a reader of files. */
type Rows = AsyncIterable<BatchRow | UnreadableRow> | Iterable<BatchRow | UnreadableRow>;

/** Codes of failures that every row has in common: the batch ends with the first. */
const OF_ALL_ROWS: ReadonlySet<string> = new Set<ErrorCode>([
  "AUTHENTICATION_FAILED",
  "BASE_URI_MISSING",
  "BIND_MISSING",
  "CAPABILITY_INVALID",
  "CONFIRMATION_MISSING",
  "OPERATION_REFUSED",
]);

/** Rows behind the first unfinished one that may have ended, with the order of rows: so many results are held at most. */
const ROWS_AHEAD = 1_000;

/**
 * Calls an operation for each row, and gives the ends of the rows. Rows are read as they are needed: who takes the results
 * slowly slows the calls down. Leaving the loop ends the calls under way.
 *
 * @throws CapabilityError for failures that all rows have in common, such as `BIND_MISSING`; `ABORTED` by the signal of `call`
 * @throws what reading rows throws
 */
export async function* runBatch(rows: Rows, settings: BatchSettings): AsyncGenerator<EndedRow, void, undefined> {
  const run = new BatchRun(rows, settings);
  try {
    for (;;) {
      const ended = run.take();
      if (ended !== undefined) yield ended;
      else if (run.isOver) break;
      else await run.change();
    }
    run.requireWhole();
  } finally {
    await run.end();
  }
}

/** One run over rows. A feeder begins calls while there is room; whoever takes their results makes room. */
class BatchRun {
  readonly #settings: BatchSettings;
  readonly #iterator: AsyncIterator<BatchRow | UnreadableRow> | Iterator<BatchRow | UnreadableRow>;
  readonly #keys = new KeySet();
  /** Ends calls under way. */
  readonly #leaving = new AbortController();
  readonly #options: RowCallOptions;
  readonly #ended: Ended;
  #running = 0;
  #failed = 0;
  #count = 0;
  #isFed = false;
  #isReading = false;
  #failure: { readonly error: unknown } | undefined;
  /** Wakes who waits for results, and the feeder that waits for room. */
  #onChange: (() => void) | undefined;
  #onRoom: (() => void) | undefined;

  constructor(rows: Rows, settings: BatchSettings) {
    this.#settings = settings;
    this.#iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
    this.#ended = settings.order === "rows" ? new InOrder() : new AsFinished(settings.concurrency);
    const { signal } = settings.call;
    prepareSignal(this.#leaving.signal);
    this.#options = { ...settings.call, pace: settings.pace, hasTurn: true, signal: this.#leaving.signal };
    if (signal?.aborted) this.#leaving.abort(signal.reason);
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
    settings.pace.stop.addEventListener("abort", this.#wake, { once: true });
    void this.#feed();
  }

  /** Returns the next result. `undefined`: there is none yet. */
  take(): EndedRow | undefined {
    const ended = this.#ended.take();
    if (ended !== undefined) this.#onRoom?.();
    return ended;
  }

  /** Whether no further result can come. */
  get isOver(): boolean {
    return this.#running === 0 && (this.#isFed || this.#isStopped);
  }

  get #isStopped(): boolean {
    return this.#settings.pace.stop.aborted || this.#failure !== undefined;
  }

  /** Settles when there may be another result. */
  change(): Promise<void> {
    return new Promise(resolve => {
      this.#onChange = resolve;
    });
  }

  /** @throws what has ended the batch before its time */
  requireWhole(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Ends calls under way, and the reading of rows. */
  async end(): Promise<void> {
    const { call, pace, stop } = this.#settings;
    call.signal?.removeEventListener("abort", this.#onAbort);
    pace.stop.removeEventListener("abort", this.#wake);
    if (!this.isOver) stop();
    this.#leaving.abort(new Error("The batch is left"));
    this.#onRoom?.();
    // A source that is asked for a row answers when it has one.
    const returning = Promise.resolve(this.#iterator.return?.()).then(() => {});
    if (this.#isReading) returning.catch(() => {});
    else await returning;
  }

  readonly #wake = (): void => {
    this.#onRoom?.();
    this.#onChange?.();
  };

  readonly #onAbort = (): void => {
    this.#leaving.abort(this.#settings.call.signal?.reason);
    this.#fail(abortedError(this.#settings.called.reference, this.#leaving.signal));
  };

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#settings.stop();
    this.#wake();
  }

  async #feed(): Promise<void> {
    const { isDone, hasOwnKeys } = this.#settings;
    try {
      while (!this.#isStopped) {
        this.#isReading = true;
        const reading = this.#iterator.next();
        const next = reading instanceof Promise ? await reading : reading;
        this.#isReading = false;
        if (next.done) break;
        const row = next.value;
        const isRepeated = hasOwnKeys && "key" in row && !this.#keys.add(row.key);
        if (isDone(row.row)) continue;
        while (!this.#isStopped && !this.#hasRoom()) await this.#room();
        if (this.#isStopped) break;
        if ("problem" in row) this.#begin(unreadable(row));
        else if (isRepeated) this.#begin(duplicate(row));
        else await this.#beginCall(row);
      }
    } catch (error) {
      this.#isReading = false;
      this.#fail(error);
    }
    this.#isFed = true;
    this.#wake();
  }

  #hasRoom(): boolean {
    return this.#running < this.#settings.concurrency && this.#ended.hasRoom();
  }

  #room(): Promise<void> {
    return new Promise(resolve => {
      this.#onRoom = () => {
        this.#onRoom = undefined;
        resolve();
      };
    });
  }

  /** Begins the call of a row at its turn, outside of its deadline. */
  async #beginCall(row: BatchRow): Promise<void> {
    const { runtime, called, pace, idempotencyKeyOf } = this.#settings;
    const restMs = pace.leastRestMs();
    const turnMs = pace.takeTurn();
    if (restMs > 0 || turnMs > 0) {
      await this.#sleepUntilFree(turnMs);
      if (this.#isStopped) return;
    }
    const key = row.idempotencyKey ?? idempotencyKeyOf?.(row);
    const options = key === undefined ? this.#options : { ...this.#options, idempotencyKey: key };
    this.#begin(callRow(runtime, called, row, options, isOfAllRows));
  }

  async #sleepUntilFree(turnMs: number): Promise<void> {
    const { pace } = this.#settings;
    try {
      for (let ms = Math.max(turnMs, pace.leastRestMs()); ms > 0; ms = pace.leastRestMs())
        await sleep(Math.min(ms, LONGEST_SLEEP_MS), undefined, { signal: pace.stop });
    } catch {
      // It was stopped.
    }
  }

  #begin(ending: EndedRow | Promise<EndedRow>): void {
    this.#running++;
    const place = this.#ended.place();
    void this.#follow(ending, place);
  }

  async #follow(ending: EndedRow | Promise<EndedRow>, place: number): Promise<void> {
    const { keep, maxErrors } = this.#settings;
    try {
      const ended = await ending;
      const keeping = keep?.(ended);
      if (keeping !== undefined) await keeping;
      this.#count++;
      if (ended.error !== undefined) this.#failed++;
      if (maxErrors !== undefined && areTooMany(maxErrors, this.#failed, this.#count)) this.#settings.stop();
      this.#ended.add(place, ended);
    } catch (error) {
      this.#ended.add(place, undefined);
      // A row that waited when the batch was stopped has not ended.
      if (!(this.#settings.pace.stop.aborted && isCapabilityError(error, "ABORTED"))) this.#fail(error);
    }
    this.#running--;
    this.#wake();
  }
}

function isOfAllRows({ code }: CapabilityError): boolean {
  return OF_ALL_ROWS.has(code);
}

const LONGEST_SLEEP_MS = 30_000;

/** Results that wait to be taken. */
interface Ended {
  /** Returns the place of a row that begins. */
  place(): number;
  /** @param ended `undefined`: the row has no result */
  add(place: number, ended: EndedRow | undefined): void;
  /** Returns the next result. `undefined`: there is none yet. */
  take(): EndedRow | undefined;
  hasRoom(): boolean;
}

class AsFinished implements Ended {
  readonly #most: number;
  #ended: EndedRow[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  place(): number {
    return 0;
  }

  add(_: number, ended: EndedRow | undefined): void {
    if (ended !== undefined) this.#ended.push(ended);
  }

  take(): EndedRow | undefined {
    const ended = this.#ended[this.#taken];
    if (ended === undefined) return undefined;
    // Taken ones are let go together, also where their taker never quite catches up.
    if (++this.#taken >= this.#most || this.#taken === this.#ended.length) {
      this.#ended = this.#ended.slice(this.#taken);
      this.#taken = 0;
    }
    return ended;
  }

  hasRoom(): boolean {
    return this.#ended.length - this.#taken < this.#most;
  }
}

class InOrder implements Ended {
  readonly #ended = new Map<number, EndedRow | undefined>();
  #next = 0;
  #placed = 0;

  place(): number {
    return this.#placed++;
  }

  add(place: number, ended: EndedRow | undefined): void {
    this.#ended.set(place, ended);
  }

  take(): EndedRow | undefined {
    while (this.#ended.has(this.#next)) {
      const ended = this.#ended.get(this.#next);
      this.#ended.delete(this.#next++);
      if (ended !== undefined) return ended;
    }
    return undefined;
  }

  hasRoom(): boolean {
    return this.#placed - this.#next < ROWS_AHEAD;
  }
}

function duplicate({ row, key, inputs }: BatchRow): EndedRow {
  return { row, key, status: "duplicate", outputs: null, attempts: 0, ms: 0, inputs };
}

function unreadable({ row, line, problem }: UnreadableRow): EndedRow {
  const error = { code: "ROW_INVALID", message: `Row ${row} (line ${line}) ${problem}` } as const;
  return { row, key: null, status: error.code, outputs: null, attempts: 0, ms: 0, error, inputs: null, line };
}
