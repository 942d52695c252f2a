import type { BatchRecord, QueuedCapability, StoredResult } from "./job.ts";

/** How far a batch is. */
export interface BatchState {
  readonly record: BatchRecord;
  /** Highest row whose adding has begun: later ones were never on the queue. */
  readonly claimed: number;
  /** Highest row up to which all are on the queue, or were. */
  readonly submitted: number;
  /** Rows of the batch; absent while there may be more. */
  readonly rows?: number | undefined;
  /** It was cancelled: workers do no more of it. */
  readonly isCancelled: boolean;
  /** Results by status. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A row that wants its name in the ledger. */
export interface LedgerClaim {
  readonly row: number;
  readonly ledger?: string | undefined;
}

/** A worker that was heard of lately. */
export interface SeenWorker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Capabilities that it has, with their hashes. */
  readonly capabilities: readonly QueuedCapability[];
  /** Those that it has and cannot call, as where it lacks a credential. */
  readonly unfit?: readonly (QueuedCapability & { readonly problem: string })[] | undefined;
}

/** A result where it is kept. Cursors grow in the order of arrival. */
export interface KeptResult {
  readonly cursor: string;
  readonly line: string;
}

/**
 * What is kept of batches beside BullMQ's jobs, which are gone when they are done. A method that meets a server that is down
 * waits until it is back.
 */
export interface BatchStore {
  /** Makes a batch; one of that id that is there stays as it is, and goes on where it was cancelled. */
  create(record: BatchRecord): Promise<BatchState>;
  find(id: string): Promise<BatchState | undefined>;
  /** Ids of all batches, the newest first. */
  ids(): Promise<readonly string[]>;
  /**
   * Says that rows are about to be added, and enters them in the ledger.
   *
   * @returns the rows whose names other rows have
   */
  claim(id: string, rows: readonly LedgerClaim[]): Promise<readonly number[]>;
  /** Says that all rows up to one are on the queue. */
  submitted(id: string, row: number): Promise<void>;
  /** Says how many rows there are: no more come. */
  complete(id: string, rows: number): Promise<void>;
  /**
   * Keeps results. The first one of a row counts, others are dropped; so are those of rows that were never added.
   *
   * @returns how many were kept
   */
  addResults(id: string, results: readonly StoredResult[]): Promise<number>;
  isDone(id: string, row: number): Promise<boolean>;
  /**
   * Returns results in the order of their arrival.
   *
   * @param after cursor of the last that is known, `"0"` for the first call
   */
  results(id: string, after: string, count: number): Promise<readonly KeptResult[]>;
  /** Forgets results up to one, since they are kept elsewhere. Their rows stay done. */
  drop(id: string, cursor: string): Promise<void>;
  /** Takes a row out of the results, to those that are to be done again. */
  reopen(id: string, result: KeptResult & { readonly row: number; readonly status: number | string }): Promise<void>;
  /** Returns the lines of rows that were taken out and are not known to be on the queue again. */
  reopened(id: string): Promise<readonly string[]>;
  /** Says that rows that were taken out are on the queue again. */
  requeued(id: string, rows: readonly number[]): Promise<void>;
  /**
   * Takes the rows that wait off the queue, and their names out of the ledger. Rows that are being done stay.
   *
   * @returns how many
   */
  takeBack(id: string, hash: string): Promise<number>;
  /** Says that no more of the batch is to be done. */
  cancel(id: string): Promise<void>;
  /** Removes everything of a batch but its jobs. */
  remove(id: string): Promise<void>;
  /** Says that a worker is there, for half a minute. */
  seen(worker: SeenWorker): Promise<void>;
  gone(workerId: string): Promise<void>;
  workers(): Promise<readonly SeenWorker[]>;
  close(): Promise<void>;
}

/** Time that a batch is kept after its last change. */
export const BATCH_LIFE_MS: number = 7 * 24 * 3_600_000;

/** Time that the ledger knows a row. */
export const LEDGER_LIFE_MS: number = 24 * 3_600_000;

/** Time after which a worker that says nothing is gone. */
export const WORKER_LIFE_MS = 30_000;
