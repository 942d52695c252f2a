import type { Job } from "bullmq";
import type { EndedRow } from "../batch/row.ts";
import { type RowJob, readJob, storedResult } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";

/**
 * Makes results of the jobs that were given up, and takes them off the queue. Jobs that belong to no batch stay: somebody
 * else may look for them.
 *
 * @returns how many jobs stay
 */
export async function sweepDeadLetters(queue: JobQueue, hash: string): Promise<number> {
  let left = 0;
  for (const job of await queue.givenUp(hash)) {
    const read = readJob(job.data);
    const { batch, row } = read;
    if (batch === undefined || row === undefined) {
      left++;
      continue;
    }
    const ended = "problem" in read ? unreadable(row, read.problem) : lost(read, job);
    const ledger = "problem" in read ? undefined : read.ledger;
    await queue.patiently(() => queue.store.addResults(batch, [storedResult(ended, ledger)]));
    // Another process may have done so.
    await job.remove().catch(() => {});
  }
  return left;
}

function lost({ row, key, inputs, idempotencyKey }: RowJob, job: Job): EndedRow {
  const isStalled = /stalled/.test(job.failedReason ?? "");
  const times = Math.max(job.attemptsStarted ?? 0, job.attemptsMade ?? 0, 1);
  const message = isStalled
    ? `Row ${row} was given up: ${times} workers that did it died or lost the queue`
    : `Row ${row} was given up: its worker could not do it; its log says why`;
  const error = { code: "WORKER_LOST", message } as const;
  return { row, key, status: error.code, outputs: null, attempts: times, ms: 0, idempotencyKey, error, inputs };
}

function unreadable(row: number, problem: string): EndedRow {
  const error = {
    code: "QUEUE_REFUSED",
    message: `Row ${row} has a job on the queue that is not done: ${problem}`,
  } as const;
  return { row, key: null, status: error.code, outputs: null, attempts: 0, ms: 0, error, inputs: null };
}
