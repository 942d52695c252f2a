import { Redis } from "ioredis";
import { COUNT, DELETE_SAME, MEMBERS, PAUSE, PLACES, REPLACE, SET_IF_ABSENT, TALLY, TURNS } from "./redis-scripts.ts";
import type { CallTally, PlacesWanted, SharedStore, TurnRate, Turns } from "./shared-store.ts";
import type { StoreUrl } from "./store-url.ts";

/** Longest time of one command: callers of a server wait for it. */
const COMMAND_MS = 250;
/** Time without any answer after which the connection is opened anew. */
const SILENCE_MS = 5_000;
const CONNECT_MS = 2_000;
/** Longest pause between two attempts to connect. */
const RECONNECT_MS = 1_000;

type Argument = string | number | Buffer;

/** Commands that ioredis makes of scripts: each is sent by its hash, and whole where Redis does not know it yet. */
type Scripted = Redis & {
  readonly naftikoCount: (name: string, windowMs: number) => Promise<[number, number]>;
  readonly naftikoTurns: (name: string, ...given: Argument[]) => Promise<number[]>;
  readonly naftikoPlaces: (name: string, ...given: Argument[]) => Promise<number>;
  readonly naftikoMembers: (name: string, ...given: Argument[]) => Promise<number>;
  readonly naftikoTally: (name: string, ...given: Argument[]) => Promise<[number, number]>;
  readonly naftikoPause: (name: string, ms: number) => Promise<number>;
  readonly naftikoSetIfAbsentBuffer: (name: string, ...given: Argument[]) => Promise<Buffer | null>;
  readonly naftikoReplace: (name: string, ...given: Argument[]) => Promise<number>;
  readonly naftikoDeleteSame: (name: string, value: Buffer) => Promise<number>;
};

const SCRIPTS = {
  naftikoCount: COUNT,
  naftikoTurns: TURNS,
  naftikoPlaces: PLACES,
  naftikoMembers: MEMBERS,
  naftikoTally: TALLY,
  naftikoPause: PAUSE,
  naftikoSetIfAbsent: SET_IF_ABSENT,
  naftikoReplace: REPLACE,
  naftikoDeleteSame: DELETE_SAME,
};

/** Shared state in a Redis, or in a server that speaks as one does. */
export class RedisStore implements SharedStore {
  readonly #redis: Scripted;

  constructor({ url }: StoreUrl) {
    const scripts = Object.entries(SCRIPTS).map(([name, lua]) => [name, { lua, numberOfKeys: 1 }]);
    this.#redis = new Redis(url.href, {
      lazyConnect: true,
      scripts: Object.fromEntries(scripts),
      commandTimeout: COMMAND_MS,
      socketTimeout: SILENCE_MS,
      connectTimeout: CONNECT_MS,
      // A command is for now: one that cannot be sent at once fails, and none is sent again.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: times => Math.min(times * 100, RECONNECT_MS),
      // After a change of roles, the name leads to the new writable server.
      reconnectOnError: error => error.message.startsWith("READONLY"),
    }) as Scripted;
    // Each command tells of it.
    this.#redis.on("error", () => {});
  }

  /** Connects. Goes on trying if that fails. */
  async connect(): Promise<void> {
    await this.#redis.connect();
  }

  async count(name: string, windowMs: number): Promise<{ count: number; endsInMs: number }> {
    const [count, endsInMs] = await this.#redis.naftikoCount(name, windowMs);
    return { count, endsInMs };
  }

  async turns(name: string, { requests, intervalMs }: TurnRate, wanted: number, aheadMs: number): Promise<Turns> {
    const [nextMs = 0, ...waitsMs] = await this.#redis.naftikoTurns(name, requests, intervalMs, wanted, aheadMs);
    return { waitsMs, nextMs };
  }

  places(name: string, holder: string, { used, wanted, limit, lifeMs }: PlacesWanted): Promise<number> {
    return this.#redis.naftikoPlaces(name, holder, used, wanted, limit, lifeMs);
  }

  members(name: string, member: string, lifeMs: number): Promise<number> {
    return this.#redis.naftikoMembers(name, member, lifeMs);
  }

  async tally(name: string, windowMs: number, more: CallTally): Promise<CallTally> {
    const [calls, failures] = await this.#redis.naftikoTally(name, windowMs, more.calls, more.failures);
    return { calls, failures };
  }

  async pause(name: string, ms: number): Promise<void> {
    await this.#redis.naftikoPause(name, Math.ceil(ms));
  }

  async pausedMs(name: string): Promise<number> {
    return Math.max(0, await this.#redis.pttl(name));
  }

  async get(name: string): Promise<Buffer | undefined> {
    return (await this.#redis.getBuffer(name)) ?? undefined;
  }

  async set(name: string, value: Buffer, lifeMs: number): Promise<void> {
    await this.#redis.set(name, value, "PX", Math.ceil(lifeMs));
  }

  async setIfAbsent(name: string, value: Buffer, lifeMs: number): Promise<Buffer | undefined> {
    return (await this.#redis.naftikoSetIfAbsentBuffer(name, value, Math.ceil(lifeMs))) ?? undefined;
  }

  async replace(name: string, expected: Buffer, value: Buffer, lifeMs: number): Promise<boolean> {
    return (await this.#redis.naftikoReplace(name, expected, value, Math.ceil(lifeMs))) === 1;
  }

  async delete(name: string, expected?: Buffer): Promise<void> {
    if (expected === undefined) await this.#redis.del(name);
    else await this.#redis.naftikoDeleteSame(name, expected);
  }

  async evicts(): Promise<string | undefined> {
    const memory = await this.#redis.info("memory");
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "noeviction";
    if (policy === "noeviction") return undefined;
    return `maxmemory-policy is ${policy}: set it to noeviction`;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }
}
