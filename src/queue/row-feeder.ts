import { KeySet } from "../batch/key-set.ts";
import type { BatchRow, EndedRow, UnreadableRow } from "../batch/row.ts";
import type { BatchState } from "./batch-store.ts";
import { type BatchRecord, ledgerName, MOST_INPUTS, type QueuedJob, queuedJob, storedResult } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";

/** Rows that go to the queue at once. */
const BULK = 500;
/** Time that a row waits for others to go with, where its source is slow. */
const FLUSH_MS = 50;

/** How rows get on the queue. */
export interface FeedSettings {
  readonly record: BatchRecord;
  readonly idempotencyKeyOf: ((row: BatchRow) => string) | undefined;
  /** Whether rows of other batches are not done again: those of methods that are not safe, or that have keys. */
  readonly usesLedger: boolean;
  /** Whether keys are the user's own. */
  readonly hasOwnKeys: boolean;
}

/** A row that has its place in the ledger, if it has one. */
interface NamedRow {
  readonly row: BatchRow | UnreadableRow;
  readonly ledger: string | undefined;
}

/**
 * Puts rows on the queue, in the order of their numbers. Those that are there already, or were, are passed over; those
 * that cannot be sent get their results at once.
 */
export class RowFeeder {
  readonly #queue: JobQueue;
  readonly #settings: FeedSettings;
  readonly #state: BatchState;
  /** Whether all rows are added again: the queue has lost some. */
  readonly #isRepeat: boolean;
  readonly #keys = new KeySet();
  /** How often keys have come that came more than once. */
  readonly #repeated = new Map<string, number>();
  #bulk: NamedRow[] = [];
  #sending: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;
  #failure: { readonly error: unknown } | undefined;

  constructor(queue: JobQueue, state: BatchState, settings: FeedSettings, isRepeat: boolean) {
    this.#queue = queue;
    this.#state = state;
    this.#settings = settings;
    this.#isRepeat = isRepeat;
    this.#timer = setInterval(() => void this.flush().catch(() => {}), FLUSH_MS);
  }

  /**
   * Tells whether rows that are not wanted have to be given to {@link RowFeeder.pass} all the same: how often inputs came
   * before is a part of a row's name in the ledger.
   */
  static countsAll({ usesLedger, hasOwnKeys }: FeedSettings): boolean {
    return usesLedger && !hasOwnKeys;
  }

  /** Counts a row that does not go to the queue. */
  pass(row: BatchRow | UnreadableRow): void {
    if ("key" in row && RowFeeder.countsAll(this.#settings)) this.#place(row.key);
  }

  /** Adds a row. Settles when another may come. */
  async add(row: BatchRow | UnreadableRow): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#bulk.push({ row, ledger: this.#ledgerOf(row) });
    if (this.#bulk.length >= BULK) await this.flush();
  }

  /** Settles when all rows that were added are on the queue. */
  flush(): Promise<void> {
    const rows = this.#bulk;
    if (rows.length === 0) return this.#sending;
    this.#bulk = [];
    this.#sending = this.#sending.then(() => this.#send(rows));
    this.#sending.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return this.#sending;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ledgerOf(row: BatchRow | UnreadableRow): string | undefined {
    const { record, usesLedger, hasOwnKeys } = this.#settings;
    if (!usesLedger || "problem" in row) return undefined;
    const place = hasOwnKeys ? "" : String(this.#place(row.key));
    return ledgerName(record.capability.name, record.operation, row.key, place);
  }

  /** Returns how often a key has come, this time included. */
  #place(key: string): number {
    if (this.#keys.add(key)) return 1;
    const count = (this.#repeated.get(key) ?? 1) + 1;
    this.#repeated.set(key, count);
    return count;
  }

  async #send(rows: readonly NamedRow[]): Promise<void> {
    const { record } = this.#settings;
    const { id, capability } = record;
    const { submitted } = this.#state;
    const fresh = this.#isRepeat ? rows : rows.filter(({ row }) => row.row > submitted);
    const taken = new Set(await this.#claim(fresh));
    const jobs: QueuedJob[] = [];
    const ended: EndedRow[] = [];
    for (const { row, ledger } of fresh) {
      const job = "problem" in row || taken.has(row.row) ? undefined : this.#jobOf(row, ledger);
      if (job === undefined) ended.push(endOf(row, taken.has(row.row)));
      else jobs.push(job);
    }
    if (ended.length > 0) {
      const results = ended.map(end => storedResult(end, undefined));
      await this.#queue.patiently(() => this.#queue.store.addResults(id, results));
    }
    await this.#queue.add(capability.hash, jobs);
    const last = rows.at(-1)?.row.row ?? 0;
    await this.#queue.patiently(() => this.#queue.store.submitted(id, last));
  }

  #jobOf(row: BatchRow, ledger: string | undefined): QueuedJob | undefined {
    const { record, idempotencyKeyOf } = this.#settings;
    const { key, inputs } = row;
    const idempotencyKey = row.idempotencyKey ?? idempotencyKeyOf?.(row);
    const again = this.#isRepeat || row.row <= this.#state.claimed;
    return queuedJob({ batch: record.id, row: row.row, key, inputs, idempotencyKey, ledger, again });
  }

  async #claim(rows: readonly NamedRow[]): Promise<readonly number[]> {
    if (rows.length === 0) return [];
    const { record } = this.#settings;
    const claims = rows.map(({ row, ledger }) => ({ row: row.row, ledger }));
    return this.#queue.patiently(() => this.#queue.store.claim(record.id, claims));
  }
}

/** Returns the end of a row that is not sent. */
function endOf(row: BatchRow | UnreadableRow, isTaken: boolean): EndedRow {
  if ("problem" in row) {
    const error = { code: "ROW_INVALID", message: `Row ${row.row} (line ${row.line}) ${row.problem}` } as const;
    return {
      row: row.row,
      key: null,
      status: error.code,
      outputs: null,
      attempts: 0,
      ms: 0,
      error,
      inputs: null,
      line: row.line,
    };
  }
  const { key, inputs } = row;
  const end = { row: row.row, key, outputs: null, attempts: 0, ms: 0, inputs };
  if (isTaken) return { ...end, status: "duplicate" };
  const message = `Row ${row.row} is too large for a queue: its inputs have more than ${MOST_INPUTS} characters as JSON`;
  return { ...end, status: "ROW_INVALID", error: { code: "ROW_INVALID", message } };
}
