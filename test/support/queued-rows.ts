import type { BatchRow, EndedRow, UnreadableRow } from "../../src/batch/row.ts";
import { type BatchRecord, readJob, storedResult } from "../../src/queue/job.ts";
import type { JobQueue } from "../../src/queue/job-queue.ts";
import { openQueue } from "../../src/queue/open-queue.ts";
import { runQueuedBatch } from "../../src/queue/run-queued-batch.ts";
import { ownQueue } from "./services.ts";

type QueuedBatchSettings = Parameters<typeof runQueuedBatch>[2];

// Batches on a queue without a capability: a worker that calls nothing.

export const HASH: string = "h".repeat(22);

/** A queue of its own on a server. */
export interface OpenedQueue extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly url: string;
  /** Rows that were done, in their order. */
  readonly done: number[];
  /** Starts a worker that answers with a status. */
  work(before?: (row: BatchRow) => Promise<void>, concurrency?: number, status?: number): void;
}

/** Opens a queue: the one of the URL, or a new one. */
export async function openOwnQueue(url: string): Promise<OpenedQueue> {
  const own = url.includes("queue=") ? url : ownQueue(url);
  const queue = await openQueue(own, () => {});
  const done: number[] = [];
  const stops: (() => Promise<void>)[] = [];
  return {
    queue,
    url: own,
    done,
    work(before, concurrency = 20, status = 200) {
      const process = async (job: { data: unknown }) => {
        const row = readJob(job.data);
        if ("problem" in row) throw new Error(row.problem);
        if (row.again && (await queue.store.isDone(row.batch, row.row))) return;
        await before?.(row);
        done.push(row.row);
        const { key, inputs } = row;
        const failure = { code: "HTTP_STATUS", message: "failed" } as const;
        const error = status < 400 ? undefined : failure;
        const ended: EndedRow = { row: row.row, key, status, outputs: null, attempts: 1, ms: 1, inputs, error };
        await queue.store.addResults(row.batch, [storedResult(ended, row.ledger)]);
      };
      const worker = queue.work(HASH, process, { concurrency });
      worker.on("error", () => {});
      stops.push(() => worker.close());
    },
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) await stop();
      await queue.close();
    },
  };
}

/** Returns settings of a batch. */
export function batchSettings(given: Partial<QueuedBatchSettings> = {}, id = "batch1"): QueuedBatchSettings {
  const started = new Date().toISOString();
  const record: BatchRecord = {
    id,
    capability: { name: "countries", hash: HASH },
    operation: "list",
    started,
    detached: false,
    hasKeys: false,
  };
  return {
    record,
    idempotencyKeyOf: undefined,
    usesLedger: false,
    hasOwnKeys: false,
    window: 1_000,
    maxErrors: undefined,
    isDone: () => false,
    keep: async () => {},
    stop: new AbortController(),
    tell: () => {},
    ...given,
  };
}

/** Runs a batch to its end. */
export async function runRows(
  queue: JobQueue,
  rows: readonly (BatchRow | UnreadableRow)[],
  given: QueuedBatchSettings,
): Promise<EndedRow[]> {
  const ended: EndedRow[] = [];
  for await (const end of runQueuedBatch(queue, reader(rows), given)) ended.push(end);
  return ended;
}

/** Returns what gives rows as a file does. */
export function reader(
  rows: readonly (BatchRow | UnreadableRow)[],
): (isWanted: (row: number) => boolean) => (BatchRow | UnreadableRow)[] {
  return (isWanted: (row: number) => boolean) => rows.filter(({ row }) => isWanted(row));
}

/** Makes a row. */
export function row(n: number): BatchRow {
  return { row: n, key: String(n), inputs: { n } };
}

/** Makes rows from 1 on. */
export function rowsTo(last: number): BatchRow[] {
  return Array.from({ length: last }, (_, index) => row(index + 1));
}
