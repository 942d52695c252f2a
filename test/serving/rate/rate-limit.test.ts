import { describe, expect, it } from "vitest";
import { networkOf } from "../../../src/serving/rate/network-of.ts";
import { RateLimit } from "../../../src/serving/rate/rate-limit.ts";
import { parseRatePolicy } from "../../../src/serving/rate/rate-policy.ts";
import { Refusal } from "../../../src/serving/refusal.ts";
import { startGuarded } from "../inbound/guarded-server.ts";

it.each([
  ["100/1m", { requests: 100, windowSeconds: 60 }],
  ["10/s", { requests: 10, windowSeconds: 1 }],
  ["1/24h", { requests: 1, windowSeconds: 86_400 }],
  ["5/1.5m", { requests: 5, windowSeconds: 90 }],
  ["100", undefined],
  ["0/1m", undefined],
  ["-1/1m", undefined],
  ["1e3/1m", undefined],
  ["100/", undefined],
  ["100/500ms", undefined],
  ["100/25h", undefined],
  ["100/1m ", undefined],
  ["100/1d", undefined],
])("parseRatePolicy(%j)", (text, policy) => {
  expect(parseRatePolicy(text)).toEqual(policy);
});

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["2001:0db8:0001:0002::", "2001:db8:1:2"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0"],
  ["", ""],
])("networkOf(%j)", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

describe("RateLimit", () => {
  const statusOf = (counted: Promise<unknown>) =>
    counted.then(
      () => 200,
      (error: unknown) => (error as Refusal).status,
    );

  it("counts each caller, and each network of callers without a name", async () => {
    const limit = await RateLimit.open({ requests: 2, windowSeconds: 60 });
    const ann = { id: "ann" };
    const nobody = { id: undefined };
    expect(await limit.count(ann, "192.0.2.1")).toEqual({
      "ratelimit-policy": '"default";q=2;w=60',
      ratelimit: '"default";r=1;t=60',
    });
    expect((await limit.count(ann, "192.0.2.2")).ratelimit).toMatch(/^"default";r=0;t=(?:60|59)$/);
    const refusal = await limit.count(ann, "192.0.2.3").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({
      status: 429,
      headers: { "ratelimit-policy": '"default";q=2;w=60', "retry-after": expect.stringMatching(/^(?:60|59)$/) },
      problem: { title: "Too Many Requests", detail: "The limit of 2 requests in 60 s is reached" },
    });
    const others: [caller: { id: string | undefined }, address: string, status: number][] = [
      [{ id: "bob" }, "192.0.2.1", 200],
      [nobody, "2001:db8:1:2::1", 200],
      [nobody, "2001:db8:1:2::2", 200],
      [nobody, "2001:db8:1:2::3", 429],
      [nobody, "2001:db8:1:3::3", 200],
    ];
    for (const [caller, address, status] of others) expect(await statusOf(limit.count(caller, address))).toBe(status);
  });

  it("begins anew when the time is over", async () => {
    const limit = await RateLimit.open({ requests: 1, windowSeconds: 1 });
    const caller = { id: "ann" };
    expect(await statusOf(limit.count(caller, ""))).toBe(200);
    expect(await statusOf(limit.count(caller, ""))).toBe(429);
    await new Promise(resolve => setTimeout(resolve, 1_050));
    expect(await statusOf(limit.count(caller, ""))).toBe(200);
  });

  it("keeps a bounded number of callers", async () => {
    const limit = await RateLimit.open({ requests: 3, windowSeconds: 600 });
    const before = process.memoryUsage().heapUsed;
    const statuses = new Set<number>();
    for (let index = 0; index < 100_010; index++) statuses.add(await statusOf(limit.count({ id: String(index) }, "")));
    expect(statuses).toEqual(new Set([200, 429]));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
  });
});

describe("requests that are counted", () => {
  it("tell the limit, and are refused beyond it", async () => {
    const rate = { requests: 2, windowSeconds: 60 };
    const server = await startGuarded({ type: "bearer", token: "abc" }, { rate });
    const right = { authorization: "Bearer abc" };
    const wrong = { authorization: "Bearer x" };
    const statuses: number[] = [];
    for (const headers of [wrong, {}, {}, {}, wrong, wrong, right, right, right])
      statuses.push((await server.ask(headers)).status);
    // What others present wrongly does not shut out the one who knows.
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 200, 200, 429]);
  });
});
