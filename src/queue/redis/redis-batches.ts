import type { Redis } from "ioredis";
import {
  BATCH_LIFE_MS,
  type BatchState,
  type BatchStore,
  type KeptResult,
  LEDGER_LIFE_MS,
  type LedgerClaim,
  type SeenWorker,
  WORKER_LIFE_MS,
} from "../batch-store.ts";
import { type BatchRecord, queueName, type StoredResult } from "../job.ts";
import { ADD_RESULTS, CLAIM, CREATE, RAISE, REOPEN, TAKE_BACK } from "./redis-scripts.ts";

/** Jobs that one script goes through: Redis does nothing else meanwhile. */
const MOST_TAKEN = 1_000;

type Argument = string | number;

/** Commands that ioredis makes of the scripts. */
type Scripted = Redis & {
  readonly queueCreate: (hash: string, all: string, ...given: Argument[]) => Promise<string[]>;
  readonly queueClaim: (hash: string, ...given: Argument[]) => Promise<number[]>;
  readonly queueRaise: (hash: string, field: string, value: number) => Promise<number>;
  readonly queueAddResults: (hash: string, done: string, results: string, ...given: Argument[]) => Promise<number>;
  readonly queueReopen: (
    hash: string,
    done: string,
    results: string,
    again: string,
    ...given: Argument[]
  ) => Promise<number>;
  readonly queueTakeBack: (waiting: string, ...given: Argument[]) => Promise<number>;
};

const SCRIPTS = {
  queueCreate: { lua: CREATE, numberOfKeys: 2 },
  queueClaim: { lua: CLAIM, numberOfKeys: 1 },
  queueRaise: { lua: RAISE, numberOfKeys: 1 },
  queueAddResults: { lua: ADD_RESULTS, numberOfKeys: 3 },
  queueReopen: { lua: REOPEN, numberOfKeys: 4 },
  queueTakeBack: { lua: TAKE_BACK, numberOfKeys: 1 },
};

/** What is kept of batches in a Redis. */
export class RedisBatches implements BatchStore {
  readonly #redis: Scripted;
  readonly #prefix: string;

  /** @param prefix of all keys, those of BullMQ included */
  constructor(redis: Redis, prefix: string) {
    for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script);
    this.#redis = redis as Scripted;
    this.#prefix = prefix;
  }

  async create(record: BatchRecord): Promise<BatchState> {
    const { hash } = this.#keys(record.id);
    const all = `${this.#prefix}:batches`;
    const fields = await this.#redis.queueCreate(
      hash,
      all,
      record.id,
      JSON.stringify(record),
      Date.parse(record.started),
      BATCH_LIFE_MS,
    );
    const pairs = Array.from({ length: fields.length / 2 }, (_, index) => [fields[2 * index], fields[2 * index + 1]]);
    return stateOf(Object.fromEntries(pairs)) as BatchState;
  }

  async find(id: string): Promise<BatchState | undefined> {
    return stateOf(await this.#redis.hgetall(this.#keys(id).hash));
  }

  async ids(): Promise<readonly string[]> {
    const ids = await this.#redis.zrevrange(`${this.#prefix}:batches`, 0, -1);
    const found = await Promise.all(ids.map(id => this.#redis.exists(this.#keys(id).hash)));
    return ids.filter((_, index) => found[index] === 1);
  }

  async claim(id: string, rows: readonly LedgerClaim[]): Promise<readonly number[]> {
    const given = rows.flatMap(({ row, ledger }) => [row, ledger ?? ""]);
    return this.#redis.queueClaim(this.#keys(id).hash, id, this.#ledger, LEDGER_LIFE_MS, ...given);
  }

  async submitted(id: string, row: number): Promise<void> {
    await this.#redis.queueRaise(this.#keys(id).hash, "submitted", row);
  }

  async complete(id: string, rows: number): Promise<void> {
    await this.#redis.queueRaise(this.#keys(id).hash, "rows", rows);
  }

  async addResults(id: string, results: readonly StoredResult[]): Promise<number> {
    const { hash, done, results: list } = this.#keys(id);
    const given = results.flatMap(({ row, status, line, release }) => [row, status, line, release ?? ""]);
    return this.#redis.queueAddResults(hash, done, list, id, this.#ledger, BATCH_LIFE_MS, ...given);
  }

  async isDone(id: string, row: number): Promise<boolean> {
    return (await this.#redis.getbit(this.#keys(id).done, row)) === 1;
  }

  async results(id: string, after: string, count: number): Promise<readonly KeptResult[]> {
    const found = await this.#redis.xrange(this.#keys(id).results, `(${after}`, "+", "COUNT", count);
    return found.map(([cursor, [, line = ""]]) => ({ cursor, line }));
  }

  async drop(id: string, cursor: string): Promise<void> {
    const key = this.#keys(id).results;
    // Single commands: those of a transaction are not given again where the connection breaks.
    await Promise.all([this.#redis.xtrim(key, "MINID", cursor), this.#redis.xdel(key, cursor)]);
  }

  async reopen(
    id: string,
    { row, status, cursor, line }: KeptResult & { row: number; status: number | string },
  ): Promise<void> {
    const { hash, done, results, again } = this.#keys(id);
    await this.#redis.queueReopen(hash, done, results, again, row, status, cursor, line, BATCH_LIFE_MS);
  }

  async reopened(id: string): Promise<readonly string[]> {
    return this.#redis.hvals(this.#keys(id).again);
  }

  async requeued(id: string, rows: readonly number[]): Promise<void> {
    if (rows.length > 0) await this.#redis.hdel(this.#keys(id).again, ...rows.map(String));
  }

  async takeBack(id: string, hash: string): Promise<number> {
    // First: whoever goes on after a kill adds all of them again, and those that are still there stay as they are.
    await this.#redis.hset(this.#keys(id).hash, "submitted", 0);
    const jobs = `${this.#prefix}:${queueName(hash)}:`;
    let taken = 0;
    for (let left = await this.#redis.llen(`${jobs}wait`); left > 0; left -= MOST_TAKEN) {
      const most = Math.min(left, MOST_TAKEN);
      taken += await this.#redis.queueTakeBack(`${jobs}wait`, id, jobs, this.#ledger, most);
    }
    return taken;
  }

  async cancel(id: string): Promise<void> {
    await this.#redis.queueRaise(this.#keys(id).hash, "cancelled", 1);
  }

  async remove(id: string): Promise<void> {
    const keys = Object.values(this.#keys(id));
    await Promise.all([this.#redis.del(...keys), this.#redis.zrem(`${this.#prefix}:batches`, id)]);
  }

  async seen(worker: SeenWorker): Promise<void> {
    const key = `${this.#prefix}:worker:${worker.id}`;
    await Promise.all([
      this.#redis.set(key, JSON.stringify(worker), "PX", WORKER_LIFE_MS),
      this.#redis.sadd(`${this.#prefix}:workers`, worker.id),
    ]);
  }

  async gone(workerId: string): Promise<void> {
    await Promise.all([
      this.#redis.srem(`${this.#prefix}:workers`, workerId),
      this.#redis.del(`${this.#prefix}:worker:${workerId}`),
    ]);
  }

  async workers(): Promise<readonly SeenWorker[]> {
    const ids = await this.#redis.smembers(`${this.#prefix}:workers`);
    if (ids.length === 0) return [];
    const texts = await this.#redis.mget(ids.map(id => `${this.#prefix}:worker:${id}`));
    const lost = ids.filter((_, index) => texts[index] === null);
    if (lost.length > 0) await this.#redis.srem(`${this.#prefix}:workers`, ...lost);
    return texts.flatMap(text => (text === null ? [] : [JSON.parse(text) as SeenWorker]));
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  get #ledger(): string {
    return `${this.#prefix}:ledger:`;
  }

  #keys(id: string): { hash: string; done: string; results: string; again: string } {
    const hash = `${this.#prefix}:batch:${id}`;
    return { hash, done: `${hash}:done`, results: `${hash}:results`, again: `${hash}:again` };
  }
}

/** Reads the hash of a batch. `undefined` for none. */
function stateOf(fields: Readonly<Record<string, string>>): BatchState | undefined {
  if (fields.record === undefined) return undefined;
  const counts = Object.entries(fields).flatMap(([name, value]) =>
    name.startsWith("s:") ? [[name.slice(2), Number(value)]] : [],
  );
  return {
    record: JSON.parse(fields.record) as BatchRecord,
    claimed: Number(fields.claimed),
    submitted: Number(fields.submitted),
    rows: fields.rows === undefined ? undefined : Number(fields.rows),
    isCancelled: fields.cancelled !== undefined,
    counts: Object.fromEntries(counts),
  };
}
