import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import { attempts as attemptsLayer } from "../../../src/net/layers/attempts.ts";
import { CallDeadline } from "../../../src/net/layers/call-deadline.ts";
import type { ExchangeEvent } from "../../../src/net/layers/exchange-event.ts";
import { Hosts } from "../../../src/net/layers/hosts.ts";
import type { AttemptOptions } from "../../../src/net/layers/repeat.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import type { HttpResponse, Send, Transport } from "../../../src/net/transport.ts";
import { exchangeOf } from "../../support/exchange.ts";

const EXCHANGE = exchangeOf({ maxResponseBytes: 1_000 });
const URL_ = "http://a.test/";

type Outcome = number | string | { status: number; headers: Record<string, string> };

const cases: readonly {
  what: string;
  method?: string;
  headers?: Record<string, string>;
  options?: Partial<AttemptOptions>;
  outcomes: readonly Outcome[];
  ends: number | string;
  attempts: number;
}[] = [
  { what: "gives the first good answer", outcomes: [200], ends: 200, attempts: 1 },
  ...[408, 429, 502, 503, 504].map(status => ({
    what: `repeats after ${status}`,
    outcomes: [status, 200],
    ends: 200,
    attempts: 2,
  })),
  ...[301, 400, 401, 404, 409, 425, 500, 501, 505].map(status => ({
    what: `takes ${status} for an answer`,
    outcomes: [status, 200],
    ends: status,
    attempts: 1,
  })),
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH"].map(reason => ({
    what: `repeats after ${reason}`,
    outcomes: [reason, 200],
    ends: 200,
    attempts: 2,
  })),
  ...[
    "ENOTFOUND",
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "EPROTO",
    "HPE_INVALID_CONSTANT",
    "HPE_HEADER_OVERFLOW",
    "UNKNOWN",
  ].map(reason => ({
    what: `does not repeat after ${reason}`,
    outcomes: [reason, 200],
    ends: "NETWORK",
    attempts: 1,
  })),
  { what: "repeats after a time-out", outcomes: ["TIMEOUT", 200], ends: 200, attempts: 2 },
  ...["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].map(method => ({
    what: `repeats ${method}`,
    method,
    outcomes: [503, 200],
    ends: 200,
    attempts: 2,
  })),
  ...["POST", "PATCH", "QUERY"].flatMap(method => [
    { what: `does not repeat ${method}`, method, outcomes: [503, 200], ends: 503, attempts: 1 },
    {
      what: `does not repeat ${method} after an error`,
      method,
      outcomes: ["ECONNRESET", 200],
      ends: "NETWORK",
      attempts: 1,
    },
    {
      what: `repeats ${method} that is said to be idempotent`,
      method,
      options: { idempotent: true },
      outcomes: [503, 200],
      ends: 200,
      attempts: 2,
    },
    {
      what: `repeats ${method} with a key`,
      method,
      headers: { "idempotency-key": "k" },
      outcomes: ["ECONNRESET", 200],
      ends: 200,
      attempts: 2,
    },
  ]),
  {
    what: "repeats POST with a key in another header",
    method: "POST",
    headers: { "x-key": "k" },
    options: { keyHeader: "x-key" },
    outcomes: [503, 200],
    ends: 200,
    attempts: 2,
  },
  {
    what: "gives the last answer",
    options: { retries: 2 },
    outcomes: [503, 502, 504, 200],
    ends: 504,
    attempts: 3,
  },
  {
    what: "throws the last error",
    options: { retries: 1 },
    outcomes: [503, "TIMEOUT", 200],
    ends: "TIMEOUT",
    attempts: 2,
  },
  {
    what: "repeats nothing without retries",
    options: { retries: 0 },
    outcomes: [503, 200],
    ends: 503,
    attempts: 1,
  },
  ...["RESPONSE_TOO_LARGE", "ABORTED", "CIRCUIT_OPEN", "bug"].map(code => ({
    what: `does not repeat after ${code}`,
    outcomes: [code, 200],
    ends: code,
    attempts: 1,
  })),
  {
    what: "tells what has opened the circuit breaker",
    outcomes: [503, "CIRCUIT_OPEN"],
    ends: 503,
    attempts: 2,
  },
];

describe("attempts()", () => {
  it.each(cases)("$what", async ({ method = "GET", headers = { "x-a": "1" }, options, outcomes, ends, attempts }) => {
    const { transport, requests } = withAttempts(outcomes, options);
    const request = { method, url: URL_, headers };
    const outcome = await transport(request, EXCHANGE).then(
      ({ status }) => status,
      (error: Error) => (error instanceof CapabilityError ? error.code : error.message),
    );
    expect(outcome).toBe(ends);
    expect(requests).toEqual(Array.from({ length: attempts }, () => request));
  });

  it("doubles its pauses up to 5 s, each a random part of that", async () => {
    const { transport, pauses } = withAttempts(Array(8).fill(503), { retries: 7, random: () => 0.5 });
    await transport(request(), EXCHANGE);
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 2_500, 2_500]);
  });

  it("says how often it has tried, of answers and errors", async () => {
    const { transport } = withAttempts([503, 503, 503], { retries: 2 });
    expect(await transport(request(), EXCHANGE)).toMatchObject({ status: 503, report: { attempts: 3 } });
    const failing = withAttempts(["ECONNRESET", "ECONNRESET"], { retries: 1 });
    await expect(failing.transport(request(), EXCHANGE)).rejects.toMatchObject({
      message: "no, after 2 attempts",
      details: { attempts: 2, reason: "ECONNRESET" },
    });
  });

  it("says of an answer that it takes for one nothing", async () => {
    const { transport } = withAttempts([404]);
    expect(await transport(request(), EXCHANGE)).not.toHaveProperty("report");
  });

  it("tells of each attempt that follows", async () => {
    const events: ExchangeEvent[] = [];
    const { transport } = withAttempts([{ status: 429, headers: { "retry-after": "2" } }, "ECONNRESET", 200], {
      random: () => 0.5,
    });
    await transport(request(), exchangeOf({ observe: event => events.push(event) }));
    expect(events).toMatchObject([
      { type: "retry", attempt: 2, attempts: 4, pauseMs: 2_100, reason: 429, header: "retry-after" },
      { type: "retry", attempt: 3, attempts: 4, pauseMs: 200, reason: { code: "NETWORK" } },
    ]);
  });

  it("waits as long as the API asks, and a little longer", async () => {
    const { transport, pauses } = withAttempts([{ status: 503, headers: { "retry-after": "30" } }, 200], {
      random: () => 1,
    });
    expect(await transport(request(), EXCHANGE)).toMatchObject({ status: 200 });
    expect(pauses).toEqual([31_000]);
  });

  it.each([
    { seconds: 60, attempts: 2 },
    { seconds: 61, attempts: 1 },
  ])("waits 60 s at most without a deadline: $seconds s", async ({ seconds, attempts }) => {
    const headers = { "retry-after": String(seconds) };
    const { transport, requests } = withAttempts([{ status: 429, headers }, 200]);
    const { report } = await transport(request(), EXCHANGE);
    expect(requests).toHaveLength(attempts);
    expect(report).toEqual(
      attempts === 2
        ? undefined
        : {
            retryAfterMs: 61_000,
            unretried: "the API asks to wait 61 s, longer than a call without a deadline waits",
          },
    );
  });

  it.each([
    { what: "within", seconds: 100, attempts: 2 },
    { what: "not beyond", seconds: 130, attempts: 1 },
  ])("begins a wait $what the deadline", async ({ seconds, attempts }) => {
    const headers = { "retry-after": String(seconds) };
    const { transport, requests } = withAttempts([{ status: 503, headers }, 200]);
    const deadline = new CallDeadline(120_000, undefined);
    const { status } = await transport(request(), exchangeOf({ deadline, signal: deadline.signal }));
    deadline.release();
    expect({ status, attempts: requests.length }).toEqual({ status: attempts === 2 ? 200 : 503, attempts });
  });

  it("stops when the signal is aborted during a pause", async () => {
    const controller = new AbortController();
    const requests: HttpRequest[] = [];
    const inner = createMemoryTransport(sent => {
      requests.push(sent);
      setImmediate(() => controller.abort(new Error("enough")));
      return { status: 503, headers: { "retry-after": "50" } };
    });
    const transport = repeating(inner, { retries: 10 });
    await expect(transport(request(), { ...EXCHANGE, signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
      cause: { message: "enough" },
    });
    expect(requests).toHaveLength(1);
  });

  it("ends the body of an answer that it does not give", async () => {
    let ended = 0;
    async function* pieces() {
      try {
        yield new Uint8Array(1);
      } finally {
        ended++;
      }
    }
    let sent = 0;
    const inner: Transport = async () => {
      const chunks = pieces();
      if (sent++ === 0) await chunks.next();
      return { ...answer(sent === 1 ? 503 : 200), chunks };
    };
    const transport = repeating(inner, { retries: 1, clock: stillClock([]) });
    await transport(request(), EXCHANGE);
    expect({ sent, ended }).toEqual({ sent: 2, ended: 1 });
  });
});

describe("the retry budget of a host", () => {
  const spent = "too many calls of a.test were tried again lately";

  it("ends retries when the reserve is spent, and grows with time", async () => {
    let time = 0;
    const clock = { now: () => time, sleep: async () => {} };
    const { transport, requests } = withAttempts([], { retries: 1, clock });
    const reports = [];
    for (let call = 0; call < 15; call++) reports.push((await transport(request(), EXCHANGE)).report);
    // 10 in reserve, and one for five calls.
    expect(requests).toHaveLength(15 + 12);
    expect(reports.filter(report => report?.unretried === spent)).toHaveLength(3);
    time += 2_000;
    await transport(request(), EXCHANGE);
    expect(requests).toHaveLength(15 + 12 + 2);
  });

  it("is shared by all who use the transport, and by no other host", async () => {
    const requests: HttpRequest[] = [];
    const inner = scripted([], requests);
    const clock = stillClock([], 0);
    const hosts = new Hosts();
    const [one, other] = [0, 1].map(() => repeating(inner, { retries: 20, clock }, hosts));
    await one?.(request(), EXCHANGE);
    const before = requests.length;
    expect(before).toBe(11);
    expect((await other?.(request(), EXCHANGE))?.report?.unretried).toBe(spent);
    await other?.({ ...request(), url: "http://b.test/" }, EXCHANGE);
    expect(requests.filter(({ url }) => url.includes("b.test"))).toHaveLength(11);
    const another = scripted([], requests);
    const fresh = await repeating(another, { retries: 1, clock })(request(), EXCHANGE);
    expect(fresh.report).toEqual({ attempts: 2 });
  });
});

function request(): HttpRequest {
  return { method: "GET", url: URL_, headers: {} };
}

/** Attempts over what plays the outcomes, without real pauses. */
function withAttempts(outcomes: readonly Outcome[], options: Partial<AttemptOptions> = {}) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const inner = scripted(outcomes, requests);
  const transport = repeating(inner, { clock: stillClock(pauses), ...options });
  return { transport, requests, pauses };
}

function repeating(inner: Send, options: Partial<AttemptOptions>, hosts: Hosts = new Hosts()): Send {
  const usual = { retries: 3, idempotent: false, keyHeader: "idempotency-key", now: Date.now };
  return attemptsLayer({ ...usual, ...options }, hosts)(inner);
}

function stillClock(pauses: number[], now = 0) {
  return {
    now: () => now,
    sleep: async (ms: number) => {
      pauses.push(ms);
    },
  };
}

/** Plays one outcome for each attempt, then 503. */
function scripted(outcomes: readonly Outcome[], requests: HttpRequest[]): Transport {
  return async sent => {
    const outcome = outcomes[requests.push(sent) - 1] ?? 503;
    const url = sent.url;
    if (typeof outcome === "number") return answer(outcome);
    if (typeof outcome === "object") return answer(outcome.status, outcome.headers);
    if (outcome === "bug") throw new Error("bug");
    switch (outcome) {
      case "TIMEOUT":
        throw new CapabilityError("TIMEOUT", { message: "no", details: { timeoutMs: 1, url } });
      case "RESPONSE_TOO_LARGE":
        throw new CapabilityError("RESPONSE_TOO_LARGE", { message: "no", details: { maxBytes: 1, url } });
      case "ABORTED":
        throw new CapabilityError("ABORTED", { message: "no", details: {} });
      case "CIRCUIT_OPEN":
        throw new CapabilityError("CIRCUIT_OPEN", { message: "no", details: { url, calls: 1, failures: 1 } });
      default:
        throw new CapabilityError("NETWORK", { message: "no", details: { reason: outcome, url } });
    }
  };
}

function answer(status: number, headers: Record<string, string> = {}): HttpResponse {
  return { status, statusText: "", headers, body: new Uint8Array() };
}
