import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openQueue } from "../../src/queue/open-queue.ts";
import { parseQueueUrl } from "../../src/queue/queue-url.ts";
import { MARK } from "../support/marked-secret.ts";
import { batchSettings, HASH, openOwnQueue, rowsTo, runRows } from "../support/queued-rows.ts";
import { freePort, OwnRedis, ownQueue, withService } from "../support/services.ts";

const PASSWORD = `p${MARK}w`;

describe("the URL of a queue", () => {
  test.each([
    ["redis://localhost", { kind: "redis", url: "redis://localhost", shown: "redis://localhost", name: "naftiko" }],
    [
      `rediss://user:${PASSWORD}@cache.example:6380/2?family=6`,
      {
        kind: "redis",
        url: `rediss://user:${PASSWORD}@cache.example:6380/2?family=6`,
        shown: "rediss://cache.example:6380/2",
        name: "naftiko",
      },
    ],
    ["redis://[::1]:7000?queue=team-a", { url: "redis://[::1]:7000", shown: "redis://[::1]:7000", name: "team-a" }],
    [
      `postgresql://me:${PASSWORD}@db.example/jobs?sslmode=require&queue=b`,
      { kind: "postgres", shown: "postgresql://db.example/jobs", name: "b" },
    ],
  ])("%s", (text, expected) => {
    expect(parseQueueUrl(text)).toMatchObject(expected);
  });

  test.each([
    ["localhost:6379", "begins with localhost:"],
    ["", "is no URL"],
    [`http://user:${PASSWORD}@x`, "begins with http:"],
    [`redis:${PASSWORD}`, "names no host"],
    ["redis://", "names no host"],
    ["redis://x/one", "has the path /one, which is no number of a database"],
    ["redis://x?queue=a:b", "other characters than letters, digits, - and _"],
    [`redis://x?queue=${"a".repeat(33)}`, "more than 32"],
  ])("is refused: %s", (text, problem) => {
    const error = thrown(() => parseQueueUrl(text));
    expect(error).toMatchObject({ code: "USAGE" });
    expect(error.message).toContain(problem);
    expect(error.message).not.toContain(MARK);
  });
});

withService("NAFTIKO_TEST_REDIS", "a Redis that cannot be used", () => {
  test.concurrent("is not there", async () => {
    const port = await freePort();
    const started = performance.now();
    await expect(openQueue(`redis://:${PASSWORD}@127.0.0.1:${port}`, () => {})).rejects.toMatchObject({
      code: "QUEUE_UNAVAILABLE",
      message: `The queue redis://127.0.0.1:${port} cannot be reached: ECONNREFUSED. Is the server running, and does this host lead to it?`,
      details: { queue: `redis://127.0.0.1:${port}`, reason: "ECONNREFUSED" },
    });
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  test.concurrent("has no such name", async () => {
    await expect(openQueue("redis://nowhere.invalid", () => {})).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
  });

  test.concurrent.each([
    [["--maxmemory-policy", "allkeys-lru"], "", "maxmemory-policy is allkeys-lru"],
    [["--maxmemory-policy", "allkeys-lru"], "", "redis-cli config set maxmemory-policy noeviction"],
    [["--requirepass", PASSWORD], "", "it wants a password"],
    [["--requirepass", PASSWORD], ":wrong@", "user or password are wrong"],
    [["--replicaof", "127.0.0.1", "1"], "", "it is a replica"],
    [["--databases", "1"], "/5", "no database of that number"],
    [["--cluster-enabled", "yes", "--appendonly", "no"], "", "it is a node of a cluster"],
  ])("is set otherwise: %j with %j: %s", async (options, part, problem) => {
    await using redis = await OwnRedis.start(...options);
    const url = part.startsWith("/") ? `${redis.url}${part}` : redis.url.replace("//", `//${part}`);
    const error = await openQueue(url, () => {}).then(
      () => new Error("it was opened"),
      (error: Error) => error,
    );
    expect(error).toMatchObject({ code: "QUEUE_REFUSED" });
    expect(error.message).toContain(problem);
    expect(error.message).toContain(`127.0.0.1:${redis.port}`);
    expect(error.message).not.toContain(MARK);
  });

  test("is something else", async () => {
    const server = createServer((_, response) => response.end("no Redis")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await expect(openQueue(`redis://127.0.0.1:${port}`, () => {})).rejects.toMatchObject({
      code: "QUEUE_REFUSED",
      message: `The queue redis://127.0.0.1:${port} cannot be used: what listens there is no Redis.`,
    });
    server.closeAllConnections();
    server.close();
  });

  test("that goes away is waited for, and told of once", async () => {
    await using redis = await OwnRedis.start();
    const told: string[] = [];
    const queue = await openQueue(redis.url, sentence => void told.push(sentence));
    await redis.stop();
    const workers = queue.store.workers();
    await sleep(500);
    await redis.start();
    expect(await workers).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(`^The queue ${redis.url} is down \\(.*\\); waiting until it is back$`),
      `The queue ${redis.url} is back`,
    ]);
    await queue.close();
  });

  test("whose connections break again and again gets each row", async () => {
    await using redis = await OwnRedis.start();
    await using opened = await openOwnQueue(redis.url);
    const { Redis } = await import("ioredis");
    const operator = new Redis(redis.url);
    const rows = rowsTo(2_000);
    const running = runRows(opened.queue, rows, batchSettings({ window: rows.length }));
    let isOver = false;
    const feeding = (async () => {
      const queue = opened.queue.queue(HASH);
      while ((await opened.queue.patiently(() => queue.getWaitingCount())) < rows.length) await sleep(20);
      isOver = true;
    })();
    for (let times = 0; times < 20 && !isOver; times++) {
      await operator.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await sleep(5 + 3 * times);
    }
    operator.disconnect();
    await Promise.race([feeding, running]);
    opened.work();
    expect(await running).toHaveLength(rows.length);
  });

  test("whose memory is full is waited for", async () => {
    await using redis = await OwnRedis.start("--maxmemory", "100mb");
    const queue = await openQueue(redis.url, () => {});
    const { Redis } = await import("ioredis");
    const operator = new Redis(redis.url);
    await operator.config("SET", "maxmemory", "1");
    const seen = queue.patiently(() => queue.store.claim("nobody", [{ row: 1 }]));
    await sleep(700);
    await operator.config("SET", "maxmemory", "0");
    expect(await seen).toEqual([]);
    operator.disconnect();
    await queue.close();
  });
});

withService("NAFTIKO_TEST_POSTGRES", "a Postgres that cannot be used", url => {
  const at = (change: Partial<URL>) => Object.assign(new URL(url), change).href;

  test.concurrent("is not there", async () => {
    const port = await freePort();
    await expect(openQueue(`postgres://me:${PASSWORD}@127.0.0.1:${port}/x`, () => {})).rejects.toMatchObject({
      code: "QUEUE_UNAVAILABLE",
      details: { queue: `postgres://127.0.0.1:${port}/x`, reason: "ECONNREFUSED" },
    });
  });

  test.concurrent.each([
    ["no such user", at({ username: "nobody-here" }), "nobody-here"],
    ["no such database", at({ pathname: "/nothing" }), "nothing"],
  ])("has %s", async (_, other, problem) => {
    const error = await openQueue(other, () => {}).catch((error: Error) => error);
    expect(error).toMatchObject({ code: "QUEUE_REFUSED" });
    expect((error as Error).message).toContain(problem);
  });

  test("is made ready by many at once", async () => {
    const own = ownQueue(url);
    const queues = await Promise.all(Array.from({ length: 5 }, () => openQueue(own, () => {})));
    expect(await queues[0]?.store.ids()).toEqual([]);
    await Promise.all(queues.map(queue => queue.close()));
  });
});

function thrown(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
