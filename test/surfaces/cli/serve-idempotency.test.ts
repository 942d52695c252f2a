import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { hasRedisServer, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { type RunningCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, type ReceivedRequest, startUpstream, type Upstream } from "../../support/upstream.ts";

if (!hasRedisServer) process.stderr.write("skipped: copies answer a request once: there is no redis-server\n");

const SHOP = `naftiko: 1.0.0-alpha3
binds: [ { namespace: env, keys: { KEY: SHOP_KEY } } ]
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: http://127.0.0.1
      resources:
        - path: /orders
          operations: [ { method: POST, name: order, inputParameters: [ { name: item, in: body, type: string } ] } ]
  exposes:
    - type: rest
      namespace: shop
      port: 0
      authentication: { type: apikey, key: X-Key, value: "{{KEY}}", placement: header }
      resources:
        - path: /orders
          operations: [ { method: POST, call: api.order, inputParameters: [ { name: item, in: body, type: string } ] } ]
`;

/** Most time that others wait after a copy has died, in milliseconds. */
const CLAIM_MS = 10_000;

interface Copy {
  readonly command: RunningCommand;
  readonly url: string;
}

describe.skipIf(!hasRedisServer)("copies of a server", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function redisOf(...options: string[]): Promise<RedisServer> {
    const redis = await startRedis(...options);
    ends.push(() => redis.kill());
    return redis;
  }

  async function upstreamOf(answer: (request: ReceivedRequest, response: ServerResponse) => void): Promise<Upstream> {
    const upstream = await startUpstream(answer);
    ends.push(() => upstream.close());
    return upstream;
  }

  async function copiesOf(upstream: Upstream, redis: RedisServer): Promise<readonly [Copy, Copy]> {
    const folder = await temporaryFolder({ "shop.yaml": SHOP });
    const args = ["serve", "shop.yaml", "--redis", redis.url, "--base-uri", upstream.url, "--retries", "0"];
    const copyOf = async (): Promise<Copy> => {
      const command = await startCommand(args, { cwd: folder, env: { SHOP_KEY: "sesame" } });
      ends.push(async () => {
        command.child.kill("SIGTERM");
        await command.finished;
      });
      const [, url = ""] = await command.waitFor(/shop listens on (\S+)\n/, "stderr");
      return { command, url };
    };
    return Promise.all([copyOf(), copyOf()]);
  }

  async function post({ url }: Copy, key: string, item = "pen"): Promise<readonly [status: number, body: unknown]> {
    const response = await fetch(`${url}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key, "x-key": "sesame" },
      body: JSON.stringify({ item }),
    });
    return [response.status, await response.json()];
  }

  it("send a request with a key on once, and give its answer again", async () => {
    let number = 0;
    let answer = () => {};
    const upstream = await upstreamOf((_, response) => {
      const value = { secret: "MARKED-answer", number: ++number };
      answer = () => answerJson(response, 201, value);
    });
    const redis = await redisOf();
    const [one, two] = await copiesOf(upstream, redis);
    for (let round = 1; round <= 10; round++) {
      const key = `key-${round}`;
      const both = [post(one, key), post(two, key)];
      expect((await Promise.race(both))[0]).toBe(409);
      while (upstream.requests.length < round) await pause(5);
      answer();
      expect((await Promise.all(both)).map(([status]) => status).sort()).toEqual([201, 409]);
      for (const copy of [one, two])
        expect(await post(copy, key)).toEqual([201, { secret: "MARKED-answer", number: round }]);
      for (const copy of [one, two]) expect((await post(copy, key, "ink"))[0]).toBe(422);
    }
    expect(upstream.requests).toHaveLength(10);
    const kept = redis.command("keys", "naftiko:idempotency:*").split("\n");
    expect(kept).toHaveLength(10);
    for (const name of kept) {
      expect(redis.command("get", name)).not.toMatch(/MARKED|sesame|key-/);
      expect(Number(redis.command("pttl", name))).toBeGreaterThan(86_000_000);
    }
  });

  it("send it on again when the copy that had it has died", async () => {
    const upstream = await upstreamOf((_, response) => {
      if (upstream.requests.length > 1) answerJson(response, 201, {});
    });
    const [one, two] = await copiesOf(upstream, await redisOf());
    const lost = post(one, "k").catch(() => "lost");
    while (upstream.requests.length === 0) await pause(10);
    // It says again and again that the request runs.
    await pause(CLAIM_MS / 2);
    expect((await post(two, "k"))[0]).toBe(409);
    one.command.child.kill("SIGKILL");
    expect(await lost).toBe("lost");
    const died = performance.now();
    expect((await post(two, "k"))[0]).toBe(409);
    let again = await post(two, "k");
    while (again[0] === 409) {
      await pause(200);
      again = await post(two, "k");
    }
    expect(again[0]).toBe(201);
    expect(performance.now() - died).toBeLessThan(CLAIM_MS * 2);
    expect(upstream.requests).toHaveLength(2);
  });

  it("remember by themselves while Redis is away", async () => {
    const upstream = await upstreamOf((_, response) => answerJson(response, 201, { number: upstream.requests.length }));
    const redis = await redisOf();
    const [one, two] = await copiesOf(upstream, redis);
    expect(await post(one, "before")).toEqual([201, { number: 1 }]);
    await redis.kill();
    expect(await post(one, "before")).toEqual([201, { number: 1 }]);
    expect(await post(one, "meanwhile")).toEqual([201, { number: 2 }]);
    expect(await post(one, "meanwhile")).toEqual([201, { number: 2 }]);
    expect((await post(one, "meanwhile", "ink"))[0]).toBe(422);
    expect(await post(two, "other")).toEqual([201, { number: 3 }]);
    await redis.start();
    for (const { command } of [one, two]) await command.waitFor(/shared state at \S+ is there again/, "stderr");
    expect(await post(one, "after")).toEqual([201, { number: 4 }]);
    expect(await post(two, "after")).toEqual([201, { number: 4 }]);
    expect(upstream.requests).toHaveLength(4);
  });
});
