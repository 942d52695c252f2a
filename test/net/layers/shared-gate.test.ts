import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isCapabilityError } from "../../../src/base/capability-error.ts";
import { gate } from "../../../src/net/layers/gate.ts";
import type { HostLimits } from "../../../src/net/layers/host-gate.ts";
import type { HttpResponse, Send, Transport } from "../../../src/net/transport.ts";
import { Wire } from "../../../src/net/wire.ts";
import type { Sharing } from "../../../src/sharing/sharing.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { hasRedisServer, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { share } from "../../support/share.ts";

if (!hasRedisServer) process.stderr.write("skipped: limits of hosts that processes share: there is no redis-server\n");

describe.skipIf(!hasRedisServer)("gates of processes that share", () => {
  let redis: RedisServer;
  let sharings: readonly Sharing[];
  beforeEach(async () => {
    redis = await startRedis();
    const opened = [await share(redis.url), await share(redis.url)];
    sharings = opened.map(({ sharing }) => sharing);
    while (sharings.some(({ copies }) => copies < 2)) await pause(20);
  });
  afterEach(async () => {
    await Promise.all(sharings.map(sharing => sharing.close()));
    await redis.kill();
  });

  /** Returns what sends to one host, for each process. */
  function gatesOf(limits: HostLimits, transport: Transport): Send[] {
    return sharings.map(sharing => {
      const wire: Transport = (request, exchange) => transport(request, exchange);
      return gate({ limits, lane: {}, sharing }, new Wire(wire).hosts)(wire);
    });
  }

  const send = (to: Send | undefined, signal?: AbortSignal) =>
    (to as Send)({ method: "GET", url: "http://host.example/", headers: {} }, exchangeOf({ signal }));

  /** Returns the most of the moments that lie in any time of a length. */
  const mostWithin = (ms: number, moments: readonly number[]) =>
    Math.max(...moments.map(from => moments.filter(at => at >= from && at < from + ms).length));

  it("begin no more requests in a second together than one may alone", async () => {
    const begun: number[] = [];
    const gates = gatesOf({ requestsPerSecond: 40 }, async () => {
      begun.push(performance.now());
      return answer(200);
    });
    await Promise.all(Array.from({ length: 100 }, (_, index) => send(gates[index % 2])));
    expect(begun).toHaveLength(100);
    expect(mostWithin(950, begun)).toBeLessThanOrEqual(42);
    expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeLessThan(3_000);
  });

  it("go on with their shares while Redis is away, and together again", async () => {
    const begun: number[] = [];
    const gates = gatesOf({ requestsPerSecond: 20 }, async () => {
      begun.push(performance.now());
      return answer(200);
    });
    const all = Promise.all(Array.from({ length: 100 }, (_, index) => send(gates[index % 2])));
    await pause(700);
    await redis.kill();
    await pause(1_000);
    await redis.start();
    await all;
    expect(mostWithin(900, begun)).toBeLessThanOrEqual(22);
  });

  it("have no more requests under way together than one may alone, and none starves", async () => {
    const running = new Set<object>();
    let most = 0;
    const gates = gatesOf({ concurrency: 3 }, async () => {
      const mark = {};
      running.add(mark);
      most = Math.max(most, running.size);
      await pause(20);
      running.delete(mark);
      return answer(200);
    });
    const ended: number[] = [];
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        await send(gates[index % 2]);
        ended.push(index % 2);
      }),
    );
    expect(most).toBe(3);
    for (const which of [0, 1]) expect(ended.slice(0, 30)).toContain(which);
  });

  it("let a request that is aborted while it waits go", async () => {
    const gates = gatesOf({ concurrency: 1 }, () => pause(200, answer(200)));
    const first = send(gates[0]);
    await pause(20);
    const gone = new AbortController();
    const second = send(gates[1], gone.signal);
    setTimeout(() => gone.abort(), 20);
    await expect(second).rejects.toMatchObject({ code: "ABORTED" });
    await first;
    await send(gates[1]);
  });

  it("open a breaker by the failures of all, for all, and close it by one call", async () => {
    const circuitBreaker = { errorRate: 0.5, minimumCalls: 10, windowMs: 10_000, openMs: 400 };
    let status = 503;
    let calls = 0;
    const gates = gatesOf({ circuitBreaker }, async () => {
      calls++;
      await pause(30);
      return answer(status);
    });
    await Promise.all(Array.from({ length: 12 }, (_, index) => send(gates[index % 2])));
    await pause(300);
    calls = 0;
    for (const to of gates) expect(await codeOf(send(to))).toBe("CIRCUIT_OPEN");
    expect(calls).toBe(0);
    await pause(450);
    // One of both sends the call that decides.
    status = 200;
    const both = await Promise.all(gates.map(to => codeOf(send(to))));
    expect(both.sort()).toEqual(["CIRCUIT_OPEN", undefined]);
    expect(calls).toBe(1);
    await pause(200);
    for (const to of gates) expect(await codeOf(send(to))).toBeUndefined();
  });

  async function codeOf(sent: Promise<HttpResponse>): Promise<string | undefined> {
    try {
      await sent;
      return undefined;
    } catch (error) {
      if (isCapabilityError(error, "CIRCUIT_OPEN")) return error.code;
      throw error;
    }
  }
});

function answer(status: number): HttpResponse {
  return { status, headers: {}, body: new Uint8Array(), url: "http://host.example/" } as HttpResponse;
}
