import { JobQueue } from "./job-queue.ts";
import type { QueueEngine, TellTrouble } from "./queue-engine.ts";
import { parseQueueUrl, type QueueUrl } from "./queue-url.ts";

const engines: Readonly<Record<QueueUrl["kind"], (url: QueueUrl, tell: TellTrouble) => Promise<QueueEngine>>> = {
  redis: async (url, tell) => (await import("./redis/redis-engine.ts")).openRedisEngine(url, tell),
  postgres: async (url, tell) => (await import("./postgres/postgres-engine.ts")).openPostgresEngine(url, tell),
};

/**
 * Opens a queue. Later on, a server that is down is waited for.
 *
 * @param url `redis:`, `rediss:`, `postgres:` or `postgresql:`
 * @throws CapabilityError `USAGE`, `QUEUE_UNAVAILABLE` within half a minute, or `QUEUE_REFUSED`
 */
export async function openQueue(url: string, tell: TellTrouble): Promise<JobQueue> {
  const queue = parseQueueUrl(url);
  const [parts, engine] = await Promise.all([import("./bullmq.ts"), engines[queue.kind](queue, tell)]);
  return new JobQueue(queue, engine, parts);
}
