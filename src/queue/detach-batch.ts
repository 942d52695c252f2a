import type { JobQueue } from "./job-queue.ts";
import { type FeedSettings, RowFeeder } from "./row-feeder.ts";
import type { ReadRows } from "./run-queued-batch.ts";

/**
 * Puts all rows of a batch on the queue, where their results stay.
 *
 * @param stop what is on the queue by then is taken back, and the batch is removed
 * @returns how many rows; `undefined` where it was stopped
 */
export async function detachBatch(
  queue: JobQueue,
  read: ReadRows,
  settings: FeedSettings,
  stop: AbortSignal,
): Promise<number | undefined> {
  const { record } = settings;
  const state = await queue.patiently(() => queue.store.create(record));
  const feeder = new RowFeeder(queue, state, settings, false);
  let count = 0;
  try {
    for await (const row of read(() => true) ?? []) {
      if (stop.aborted) break;
      await feeder.add(row);
      count++;
    }
    await feeder.flush();
  } finally {
    feeder.close();
  }
  if (stop.aborted) {
    await queue.patiently(() => queue.store.takeBack(record.id, record.capability.hash));
    await queue.patiently(() => queue.store.remove(record.id));
    return undefined;
  }
  await queue.patiently(() => queue.store.complete(record.id, count));
  return count;
}
