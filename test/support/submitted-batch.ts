import { setTimeout as sleep } from "node:timers/promises";
import type { EndedRow } from "../../src/batch/row.ts";
import { type BatchRecord, type QueuedJob, queuedJob, type RowJob, readResult } from "../../src/queue/job.ts";
import type { JobQueue } from "../../src/queue/job-queue.ts";
import { openQueue } from "../../src/queue/open-queue.ts";

/** A batch that a test has put on a queue. */
export interface SubmittedBatch extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly id: string;
  /** Waits until so many rows have ended, and gives their results in the order of rows. */
  results(count: number): Promise<EndedRow[]>;
}

/** Puts rows on a queue, as `naftiko batch --queue` does. */
export async function submit(
  url: string,
  { capability, operation, rate }: Pick<BatchRecord, "capability" | "operation" | "rate">,
  rows: readonly Partial<RowJob>[],
): Promise<SubmittedBatch> {
  const queue = await openQueue(url, () => {});
  const id = `b${crypto.randomUUID().slice(0, 8)}`;
  const started = new Date().toISOString();
  const { store } = queue;
  await store.create({ id, capability, operation, rate, hasKeys: false, started, detached: true });
  const jobs = rows.map((row, index) => {
    const number = index + 1;
    return { batch: id, row: number, key: `k${number}`, inputs: {}, again: false, ...row };
  });
  await store.claim(id, jobs);
  await queue.add(
    capability.hash,
    jobs.map(job => queuedJob(job) as QueuedJob),
  );
  await store.submitted(id, jobs.length);
  await store.complete(id, jobs.length);
  return {
    queue,
    id,
    async results(count) {
      for (;;) {
        const kept = await store.results(id, "0", count + 100);
        if (kept.length >= count)
          return kept.map(({ line }) => readResult(line) as EndedRow).sort((one, other) => one.row - other.row);
        await sleep(50);
      }
    },
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
