import { describe, expect, it } from "vitest";
import { CapabilityError } from "../../src/error/capability-error.ts";
import type { HttpRequest } from "../../src/transport/http-request.ts";
import { createMemoryTransport } from "../../src/transport/memory.ts";
import { retryTransport } from "../../src/transport/retry.ts";
import type { ExchangeLimits, HttpResponse, Transport } from "../../src/transport/transport.ts";

const LIMITS: ExchangeLimits = { timeoutMs: 0, maxResponseBytes: 1_000 };

type Outcome = number | "NETWORK" | "TIMEOUT" | "RESPONSE_TOO_LARGE" | "bug";

const cases: readonly {
  what: string;
  method?: string;
  retries?: number;
  outcomes: readonly Outcome[];
  ends: Outcome;
  attempts: number;
}[] = [
  { what: "gives the first good answer", outcomes: [200], ends: 200, attempts: 1 },
  { what: "repeats after a network error", outcomes: ["NETWORK", 200], ends: 200, attempts: 2 },
  { what: "repeats after a time-out", outcomes: ["TIMEOUT", 200], ends: 200, attempts: 2 },
  ...[429, 502, 503, 504].map(status => ({
    what: `repeats after ${status}`,
    outcomes: [status, 200],
    ends: 200,
    attempts: 2,
  })),
  ...[400, 401, 404, 408, 409, 500, 501].map(status => ({
    what: `takes ${status} for an answer`,
    outcomes: [status, 200],
    ends: status,
    attempts: 1,
  })),
  ...["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].map(method => ({
    what: `repeats ${method}`,
    method,
    outcomes: [503, 200],
    ends: 200,
    attempts: 2,
  })),
  ...["POST", "PATCH"].flatMap(method => [
    { what: `does not repeat ${method}`, method, outcomes: [503, 200], ends: 503, attempts: 1 },
    {
      what: `does not repeat ${method} after an error`,
      method,
      outcomes: ["NETWORK" as const, 200],
      ends: "NETWORK" as const,
      attempts: 1,
    },
  ]),
  { what: "gives the last answer", retries: 2, outcomes: [503, 502, 504, 200], ends: 504, attempts: 3 },
  {
    what: "throws the last error",
    retries: 1,
    outcomes: [503, "TIMEOUT", 200],
    ends: "TIMEOUT",
    attempts: 2,
  },
  { what: "repeats nothing without retries", retries: 0, outcomes: [503, 200], ends: 503, attempts: 1 },
  {
    what: "does not repeat an answer that is too large",
    outcomes: ["RESPONSE_TOO_LARGE", 200],
    ends: "RESPONSE_TOO_LARGE",
    attempts: 1,
  },
  {
    what: "does not repeat after an error it does not know",
    outcomes: ["bug", 200],
    ends: "bug",
    attempts: 1,
  },
];

describe("retryTransport()", () => {
  it.each(cases)("$what", async ({ method = "GET", retries = 3, outcomes, ends, attempts }) => {
    const requests: HttpRequest[] = [];
    const transport = retryTransport(scripted(outcomes, requests), { retries });
    const request = { method, url: "http://a.test/", headers: { "x-a": "1" } };
    const outcome = await transport(request, LIMITS).then(
      ({ status }) => status,
      (error: Error) => (error instanceof CapabilityError ? error.code : error.message),
    );
    expect(outcome).toBe(ends);
    expect(requests).toEqual(Array.from({ length: attempts }, () => request));
  });

  it("stops when the signal is aborted during a pause", async () => {
    const controller = new AbortController();
    const requests: HttpRequest[] = [];
    const transport = retryTransport(
      createMemoryTransport(request => {
        requests.push(request);
        setImmediate(() => controller.abort(new Error("enough")));
        return { status: 503 };
      }),
      { retries: 10 },
    );
    const limits = { ...LIMITS, signal: controller.signal };
    await expect(
      transport({ method: "GET", url: "http://a.test/", headers: {} }, limits),
    ).rejects.toMatchObject({ code: "ABORTED", cause: { message: "enough" } });
    expect(requests.length).toBeLessThan(10);
  });

  it("closes what it wraps", async () => {
    let closed = 0;
    const inner: Transport = createMemoryTransport(() => ({}));
    inner.close = async () => {
      closed++;
    };
    await retryTransport(inner, { retries: 1 }).close?.();
    expect(closed).toBe(1);
    expect(
      retryTransport(
        createMemoryTransport(() => ({})),
        { retries: 1 },
      ).close,
    ).toBeUndefined();
  });
});

/** Plays one outcome for each attempt. */
function scripted(outcomes: readonly Outcome[], requests: HttpRequest[]): Transport {
  return async (request): Promise<HttpResponse> => {
    const outcome = outcomes[requests.push(request) - 1];
    const url = request.url;
    if (typeof outcome === "number") {
      return { status: outcome, statusText: "", headers: {}, body: new Uint8Array() };
    }
    switch (outcome) {
      case "NETWORK":
        throw new CapabilityError("NETWORK", { message: "no", details: { reason: "ECONNRESET", url } });
      case "TIMEOUT":
        throw new CapabilityError("TIMEOUT", { message: "no", details: { timeoutMs: 1, url } });
      case "RESPONSE_TOO_LARGE":
        throw new CapabilityError("RESPONSE_TOO_LARGE", { message: "no", details: { maxBytes: 1, url } });
      default:
        throw new Error("bug");
    }
  };
}
