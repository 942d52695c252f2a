import { randomUUID } from "node:crypto";
import { CapabilityError } from "../base/capability-error.ts";
import { didYouMean, suggest } from "../base/did-you-mean.ts";
import { visibleText } from "../base/visible-text.ts";
import { idempotencyKeyOfRow } from "../batch/idempotency-key.ts";
import type { EndedRow } from "../batch/row.ts";
import { absentWorkers } from "./absent-workers.ts";
import type { BatchState, KeptResult, SeenWorker } from "./batch-store.ts";
import { sweepDeadLetters } from "./dead-letters.ts";
import { type BatchRecord, isBatchId, type QueuedJob, queuedJob, readResult } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";

/** How a batch on a queue is, for people and programs. */
export interface BatchStatus {
  readonly state: BatchState;
  /** Rows that have ended. */
  readonly ended: number;
  /** Rows that wait or are being done; `undefined` while more are added. */
  readonly open: number | undefined;
  /** Workers that have its capability. */
  readonly workers: readonly SeenWorker[];
  /** Why nobody does its rows. */
  readonly problem: string | undefined;
  /** Jobs on the queue that belong to no batch, and that nobody can do. */
  readonly foreign: number;
}

/** Results that are read at once. */
const PAGE = 1_000;

/** @throws CapabilityError `USAGE` if no batch has the id */
async function findBatch(queue: JobQueue, id: string): Promise<BatchState> {
  const state = isBatchId(id) ? await queue.patiently(() => queue.store.find(id)) : undefined;
  if (state !== undefined) return state;
  const ids = await queue.patiently(() => queue.store.ids());
  const near = suggest(id, ids);
  const others = near.length > 0 ? didYouMean(near) : ids.length === 0 ? "; it has none" : `; the newest is ${ids[0]}`;
  const message = `The queue ${queue.shown} has no batch ${JSON.stringify(visibleText(id))}${others}`;
  throw new CapabilityError("USAGE", { message, details: {} });
}

/** @throws CapabilityError `USAGE` if no batch has the id */
export async function batchStatus(queue: JobQueue, id: string): Promise<BatchStatus> {
  const { record } = await findBatch(queue, id);
  const { hash } = record.capability;
  const foreign = await sweepDeadLetters(queue, hash);
  const state = await findBatch(queue, id);
  const ended = Object.values(state.counts).reduce((sum, count) => sum + count, 0);
  const all = await queue.patiently(() => queue.store.workers());
  const open = state.rows === undefined ? undefined : Math.max(0, state.rows - ended);
  return {
    state,
    ended,
    open,
    workers: all.filter(({ capabilities }) => capabilities.some(capability => capability.hash === hash)),
    problem: open === 0 ? undefined : await absentWorkers(queue, record),
    foreign,
  };
}

/** Gives the results that there are, in the order of their arrival. They stay. */
export async function* batchResults(queue: JobQueue, id: string): AsyncGenerator<EndedRow, void, undefined> {
  for await (const { ended } of keptResults(queue, id)) yield ended;
}

/**
 * Puts the failed rows of a batch on the queue again. Those that could not be read have nothing to send.
 *
 * @returns how many
 */
export async function retryBatch(queue: JobQueue, id: string): Promise<number> {
  const { record } = await findBatch(queue, id);
  await sweepDeadLetters(queue, record.capability.hash);
  for await (const { ended, kept } of keptResults(queue, id)) {
    const { row, status, error, inputs } = ended;
    if (error === undefined || inputs === null) continue;
    await queue.patiently(() => queue.store.reopen(id, { ...kept, row, status }));
  }
  // Those of an earlier call that was killed too.
  const lines = await queue.patiently(() => queue.store.reopened(id));
  const ended = lines.flatMap(line => readResult(line) ?? []);
  for (let start = 0; start < ended.length; start += PAGE) {
    const page = ended.slice(start, start + PAGE);
    await queue.add(
      record.capability.hash,
      page.flatMap(row => jobOf(record, row)),
    );
    await queue.patiently(() =>
      queue.store.requeued(
        id,
        page.map(({ row }) => row),
      ),
    );
  }
  return ended.length;
}

/**
 * Takes back what waits, and forgets the batch with its results. Rows that are being done end, and nobody gets their
 * results.
 *
 * @returns how many rows waited
 */
export async function cancelBatch(queue: JobQueue, id: string): Promise<number> {
  const { record } = await findBatch(queue, id);
  await queue.patiently(() => queue.store.cancel(id));
  const taken = await queue.patiently(() => queue.store.takeBack(id, record.capability.hash));
  await queue.patiently(() => queue.store.remove(id));
  return taken;
}

/**
 * Makes the job of a row that is done again. Its key is the same where it may have been done, and new where the API has
 * answered that it was not. A row that failed has left the ledger.
 */
function jobOf({ id, hasKeys }: BatchRecord, ended: EndedRow): readonly QueuedJob[] {
  const { row, key, inputs } = ended;
  if (inputs === null) return [];
  const idempotencyKey = ended.idempotencyKey ?? (hasKeys ? idempotencyKeyOfRow(randomUUID(), row) : undefined);
  const job = queuedJob({ batch: id, row, key: key ?? "", inputs, idempotencyKey, again: true });
  return job === undefined ? [] : [job];
}

async function* keptResults(
  queue: JobQueue,
  id: string,
): AsyncGenerator<{ readonly ended: EndedRow; readonly kept: KeptResult }, void, undefined> {
  let after = "0";
  for (;;) {
    const page = await queue.patiently(() => queue.store.results(id, after, PAGE));
    for (const kept of page) {
      const ended = readResult(kept.line);
      if (ended !== undefined) yield { ended, kept };
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.cursor;
  }
}
