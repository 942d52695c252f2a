import { setTimeout as sleep } from "node:timers/promises";
import { placeOfJob, storedResult } from "../job.ts";
import type { JobQueue } from "../job-queue.ts";

/** Pause before a job is removed again that somebody holds. */
const RETRY_MS = 200;
/** Attempts. A worker that has taken the job holds it for a part of the time. */
const MOST_ATTEMPTS = 150;

/**
 * Takes a job off its queue that BullMQ cannot read, since it is no JSON: who takes it gets nothing, so that it would come
 * back for ever. Its row fails. Other jobs are left alone.
 *
 * @returns whether the job was one
 */
export async function endUnreadable(queue: JobQueue, hash: string, id: string): Promise<boolean> {
  const jobs = queue.queue(hash);
  try {
    await jobs.getJob(id);
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const place = placeOfJob(id);
  if (place !== undefined) {
    const { batch, row } = place;
    const message = `Row ${row} cannot be read from the queue: its job is no JSON`;
    const error = { code: "ROW_INVALID", message } as const;
    const ended = { row, key: null, status: error.code, outputs: null, attempts: 0, ms: 0, error, inputs: null };
    await queue.patiently(() => queue.store.addResults(batch, [storedResult(ended, undefined)]));
  }
  for (let attempt = 1; attempt <= MOST_ATTEMPTS && (await jobs.remove(id)) === 0; attempt++) {
    await sleep(RETRY_MS, undefined, { ref: false });
  }
  return true;
}
