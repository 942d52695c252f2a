import type { BackendFactory } from "bullmq";
import type { BatchStore } from "./batch-store.ts";

/** Tells of a queue's trouble on the way, as a sentence: it is down, or back. */
export type TellTrouble = (sentence: string) => void;

/** A server that holds queues. */
export interface QueueEngine {
  readonly store: BatchStore;
  /** What BullMQ's classes need to get there. */
  readonly bullmq: {
    readonly connection: object;
    /** Before all keys of Redis; Postgres has a schema. */
    readonly prefix: string;
    readonly backend: BackendFactory | undefined;
  };
  /** Returns whether a command failed for a reason that passes, and may be given again. */
  passes(error: unknown): boolean;
  /** Sends what is under way, and closes the connections. */
  close(): Promise<void>;
}
