import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { ExchangeEvent } from "../../../src/net/layers/exchange-event.ts";
import { gate } from "../../../src/net/layers/gate.ts";
import type { HostLimits } from "../../../src/net/layers/host-gate.ts";
import type { HttpResponse, Send, Transport } from "../../../src/net/transport.ts";
import { Wire } from "../../../src/net/wire.ts";
import { exchangeOf } from "../../support/exchange.ts";

const EXCHANGE = exchangeOf({ maxResponseBytes: 1_000 });
const BREAKER = { errorRate: 0.5, minimumCalls: 2, windowMs: 10_000, openMs: 1_000 };

// Rates and pauses are told by a clock of the test.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("requests per second", () => {
  it.each([
    { perSecond: 5, after: [0, 999, 1_000, 2_000], begun: [5, 5, 10, 12] },
    { perSecond: 0.5, after: [0, 1_999, 2_000, 4_000], begun: [1, 1, 2, 3] },
    { perSecond: 2.5, after: [0, 799, 800, 1_600], begun: [2, 2, 4, 6] },
  ])("are $perSecond at most", async ({ perSecond, after, begun }) => {
    const { wire, sent } = openWire();
    const transport = gated(wire, {}, { requestsPerSecond: perSecond });
    const calls = Array.from({ length: 12 }, (_, index) => transport(request(`/${index}`), EXCHANGE));
    const seen: number[] = [];
    let now = 0;
    for (const moment of after) {
      await vi.advanceTimersByTimeAsync(moment - now);
      now = moment;
      seen.push(sent.length);
    }
    expect(seen).toEqual(begun);
    await vi.runAllTimersAsync();
    await Promise.all(calls);
    expect(sent).toHaveLength(12);
  });
});

describe("concurrency", () => {
  it("bounds the requests to a host, for each by itself", async () => {
    const { wire, sent, answerOne } = heldWire();
    const transport = gated(wire, {}, { concurrency: 2 });
    const calls = ["/1", "/2", "/3", "/4"].map(path => transport(request(path), EXCHANGE));
    calls.push(transport({ ...request("/5"), url: "http://b.test/5" }, EXCHANGE));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["/1", "/2", "/5"]);
    answerOne();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["/1", "/2", "/5", "/3"]);
    for (let left = 4; left > 0; left--) {
      answerOne();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(await Promise.all(calls)).toHaveLength(5);
  });

  it("lets different operations take turns", async () => {
    const { wire, sent, answerOne } = heldWire();
    const limits = { concurrency: 1 };
    const [a, b, c] = [{}, {}, {}].map(lane => gated(wire, lane, limits));
    const calls = [
      ...["/a1", "/a2", "/a3", "/a4"].map(path => a?.(request(path), EXCHANGE)),
      ...["/b1", "/b2"].map(path => b?.(request(path), EXCHANGE)),
      c?.(request("/c1"), EXCHANGE),
    ];
    for (let left = calls.length; left > 0; left--) {
      await vi.advanceTimersByTimeAsync(0);
      answerOne();
    }
    await Promise.all(calls);
    expect(sent).toEqual(["/a1", "/a2", "/b1", "/c1", "/a3", "/b2", "/a4"]);
  });

  it("counts an answer that comes piece by piece until its end", async () => {
    const bodies = [pieces(), pieces(), pieces()];
    let sent = 0;
    const wire: Transport = async () => ({ ...answer(200), chunks: bodies[sent++] ?? pieces() });
    const transport = gated(wire, {}, { concurrency: 1 });
    const first = await transport(request("/1"), EXCHANGE);
    const second = transport(request("/2"), EXCHANGE);
    const third = transport(request("/3"), EXCHANGE);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toBe(1);
    for await (const _ of first.chunks ?? []);
    const { chunks } = await second;
    expect(sent).toBe(2);
    await chunks?.return?.();
    await third;
    expect(sent).toBe(3);
  });

  it("gives the turn on where an exchange fails", async () => {
    const wire: Transport = async ({ url }) => {
      throw failure(url);
    };
    const transport = gated(wire, {}, { concurrency: 1 });
    const calls = ["/1", "/2"].map(path => transport(request(path), EXCHANGE));
    expect(await Promise.allSettled(calls)).toMatchObject([
      { status: "rejected", reason: { code: "NETWORK" } },
      { status: "rejected", reason: { code: "NETWORK" } },
    ]);
  });

  it("lets a request that is aborted leave the queue at once", async () => {
    const { wire, sent, answerOne } = heldWire();
    const transport = gated(wire, {}, { concurrency: 1 });
    const controller = new AbortController();
    const first = transport(request("/1"), EXCHANGE);
    const second = transport(request("/2"), { ...EXCHANGE, signal: controller.signal });
    const third = transport(request("/3"), EXCHANGE);
    const aborted = expect(second).rejects.toMatchObject({ code: "ABORTED", cause: { message: "enough" } });
    controller.abort(new Error("enough"));
    await aborted;
    answerOne();
    await first;
    await vi.advanceTimersByTimeAsync(0);
    answerOne();
    await third;
    expect(sent).toEqual(["/1", "/3"]);
  });

  it.each([
    { limits: { concurrency: 1 }, reason: "concurrency" },
    { limits: { requestsPerSecond: 1 }, reason: "rate" },
  ])("tells who waits: for $reason", async ({ limits, reason }) => {
    const events: ExchangeEvent[] = [];
    const { wire } = openWire();
    const transport = gated(wire, {}, limits);
    const observed = exchangeOf({ observe: event => events.push(event) });
    const calls = ["/1", "/2"].map(path => transport(request(path), observed));
    expect(events).toEqual([{ type: "wait", host: "a.test", reason }]);
    await vi.runAllTimersAsync();
    await Promise.all(calls);
  });
});

describe("a circuit breaker", () => {
  it.each<{ what: string; outcome: number | "NETWORK" | "TIMEOUT" | "TOO_LARGE"; opens: boolean }>([
    { what: "status 500", outcome: 500, opens: true },
    { what: "status 503", outcome: 503, opens: true },
    { what: "network errors", outcome: "NETWORK", opens: true },
    { what: "time-outs", outcome: "TIMEOUT", opens: true },
    { what: "status 404", outcome: 404, opens: false },
    { what: "status 429", outcome: 429, opens: false },
    { what: "answers that are too large", outcome: "TOO_LARGE", opens: false },
  ])("and $what", async ({ outcome, opens }) => {
    let sent = 0;
    const transport = gated(
      async ({ url }) => {
        sent++;
        if (typeof outcome === "number") return answer(outcome);
        throw failure(url, outcome);
      },
      {},
      { circuitBreaker: BREAKER },
    );
    for (let call = 0; call < 3; call++) await transport(request("/"), EXCHANGE).catch(() => {});
    expect(sent).toBe(opens ? 2 : 3);
  });

  it("says when it lets a call through again, and does", async () => {
    let status = 503;
    const { wire, sent } = openWire(() => status);
    const transport = gated(wire, {}, { circuitBreaker: BREAKER });
    for (const path of ["/1", "/2"]) await transport(request(path), EXCHANGE);
    await expect(transport(request("/3"), EXCHANGE)).rejects.toMatchObject({
      code: "CIRCUIT_OPEN",
      message: "Nothing is sent to a.test: 2 of the last 2 calls failed; one is let through again in 1 s",
      details: { url: "http://a.test/3", calls: 2, failures: 2, retryInMs: 1_000 },
    });
    await transport({ ...request("/other"), url: "http://b.test/other" }, EXCHANGE);
    status = 200;
    await vi.advanceTimersByTimeAsync(1_000);
    const [probe, refused] = await Promise.allSettled(["/4", "/5"].map(path => transport(request(path), EXCHANGE)));
    expect(probe).toMatchObject({ status: "fulfilled", value: { status: 200 } });
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "CIRCUIT_OPEN" } });
    expect(await transport(request("/6"), EXCHANGE)).toMatchObject({ status: 200 });
    expect(sent).toEqual(["/1", "/2", "/other", "/4", "/6"]);
  });

  it("refuses those that were waiting when it opened", async () => {
    const { wire, sent } = openWire(() => 500);
    const transport = gated(wire, {}, { circuitBreaker: BREAKER, concurrency: 1 });
    const calls = ["/1", "/2", "/3"].map(path => transport(request(path), EXCHANGE));
    expect(await Promise.allSettled(calls)).toMatchObject([
      { status: "fulfilled" },
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "CIRCUIT_OPEN" } },
    ]);
    expect(sent).toEqual(["/1", "/2"]);
  });
});

describe("what is shared", () => {
  it.each([
    { what: "with the same transport and the same limits", isSame: true, concurrency: 1, atOnce: 1 },
    { what: "not with another transport", isSame: false, concurrency: 1, atOnce: 2 },
    { what: "not with other limits", isSame: true, concurrency: 3, atOnce: 2 },
  ])("a host, $what", async ({ isSame, concurrency, atOnce }) => {
    const { wire, sent, answerOne } = heldWire();
    const other: Transport = (sending, limits) => wire(sending, limits);
    const calls = [
      gated(wire, {}, { concurrency: 1 })(request("/1"), EXCHANGE),
      gated(isSame ? wire : other, {}, { concurrency })(request("/2"), EXCHANGE),
    ];
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(atOnce);
    answerOne();
    await vi.advanceTimersByTimeAsync(0);
    answerOne();
    await Promise.all(calls);
  });
});

function gated(wire: Transport, lane: object, limits: HostLimits): Send {
  return gate({ limits, lane, sharing: undefined }, new Wire(wire).hosts)(wire);
}

function request(path: string): HttpRequest {
  return { method: "GET", url: `http://a.test${path}`, headers: {} };
}

function answer(status: number): HttpResponse {
  return { status, statusText: "", headers: {}, body: new Uint8Array() };
}

async function* pieces(): AsyncGenerator<Uint8Array, undefined> {
  yield new Uint8Array(1);
  yield new Uint8Array(1);
}

/** Creates a wire that answers at once. */
function openWire(status: () => number = () => 200) {
  const sent: string[] = [];
  const wire: Transport = async ({ url }) => {
    sent.push(new URL(url).pathname);
    return answer(status());
  };
  return { wire, sent };
}

/** Creates a wire that answers the oldest request when it is told to. */
function heldWire() {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const wire: Transport = ({ url }) =>
    new Promise(resolve => {
      sent.push(new URL(url).pathname);
      waiting.push(() => resolve(answer(200)));
    });
  return { wire, sent, answerOne: () => waiting.shift()?.() };
}

function failure(url: string, code = "NETWORK"): CapabilityError {
  if (code === "TIMEOUT") return new CapabilityError("TIMEOUT", { message: "", details: { timeoutMs: 1, url } });
  if (code === "NETWORK") return new CapabilityError("NETWORK", { message: "", details: { reason: "E", url } });
  return new CapabilityError("RESPONSE_TOO_LARGE", { message: "", details: { maxBytes: 1, url } });
}
