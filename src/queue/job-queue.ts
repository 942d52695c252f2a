import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Processor, Queue, Worker, WorkerOptions } from "bullmq";
import type { BatchStore } from "./batch-store.ts";
import type * as bullmq from "./bullmq.ts";
import { type QueuedJob, queueName } from "./job.ts";
import type { QueueEngine } from "./queue-engine.ts";
import type { QueueUrl } from "./queue-url.ts";

/** Pause before a command is given again. */
const RETRY_MS = 500;

/** Settings of BullMQ's worker that callers choose. */
type WorkerSettings = Omit<WorkerOptions, "connection" | "prefix" | "removeOnComplete" | "removeOnFail">;

/** The rows of batches on a server, by BullMQ: a queue for each capability. */
export class JobQueue {
  /** For messages, without its password. */
  readonly shown: string;
  /** Its name among the queues of the server. */
  readonly name: string;
  readonly #engine: QueueEngine;
  readonly #bullmq: typeof bullmq;
  readonly #queues = new Map<string, Queue>();

  constructor({ shown, name }: Pick<QueueUrl, "shown" | "name">, engine: QueueEngine, parts: typeof bullmq) {
    this.shown = shown;
    this.name = name;
    this.#engine = engine;
    this.#bullmq = parts;
  }

  get store(): BatchStore {
    return this.#engine.store;
  }

  /** Adds rows to the queue of a capability. One that is there already stays as it is. */
  async add(hash: string, jobs: readonly QueuedJob[]): Promise<void> {
    const bulk = jobs.map(({ id, data }) => ({ name: "row", data, opts: { jobId: id } }));
    if (bulk.length > 0) await this.patiently(() => this.queue(hash).addBulk(bulk));
  }

  /**
   * Begins to work off the rows of a capability. What the processor returns is dropped: results go to the store before.
   */
  work(hash: string, processor: Processor, settings: WorkerSettings): Worker {
    const { connection, prefix, backend } = this.#engine.bullmq;
    const { Worker } = this.#bullmq;
    const options = { ...settings, connection, prefix, removeOnComplete: { count: 0 } };
    return new Worker(queueName(hash), processor, options, backend as undefined);
  }

  /** Returns jobs that BullMQ gave up: their workers died, or nothing could be made of them. */
  async givenUp(hash: string): Promise<readonly Job[]> {
    return this.patiently(() => this.queue(hash).getFailed(0, 999));
  }

  queue(hash: string): Queue {
    const name = queueName(hash);
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const { connection, prefix, backend } = this.#engine.bullmq;
    const options = { connection, prefix, streams: { events: { maxLen: 100 } } };
    const queue = new this.#bullmq.Queue(name, options, backend as undefined);
    // The engine's own connection tells of breaks.
    queue.on("error", () => {});
    this.#queues.set(name, queue);
    return queue;
  }

  /** Gives a command again while its failure is one that passes, as where the server's memory is full. */
  async patiently<Value>(command: () => Promise<Value>): Promise<Value> {
    for (;;) {
      try {
        return await command();
      } catch (error) {
        if (!this.#engine.passes(error)) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(queue => queue.close()));
    await this.#engine.close();
  }
}
