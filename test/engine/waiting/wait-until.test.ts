import { afterEach, describe, expect, test } from "vitest";
import { CapabilityError } from "../../../src/base/capability-error.ts";
import type { WaitOptions } from "../../../src/engine/call-options.ts";
import { waitUntil } from "../../../src/engine/waiting/wait-until.ts";
import { openText, operationText } from "../../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** A clock that only sleeping, and the calls of a test, move on. */
class TestClock {
  time = 0;
  readonly pauses: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.pauses.push(ms);
    this.time += ms;
  }
}

type Result = { readonly outputs: unknown };
type Wait = Parameters<typeof waitUntil<Result>>[0];

function wait(
  answers: readonly (string | CapabilityError)[],
  clock: TestClock,
  more: Partial<Wait> = {},
): Promise<Result> {
  let calls = 0;
  return waitUntil<Result>({
    operation: { name: "get-job", method: "GET", url: "https://api.test/jobs/1" },
    until: "$.status == 'done'",
    everyMs: 5_000,
    forMs: 120_000,
    clock,
    call: async () => {
      const answer = answers[Math.min(calls++, answers.length - 1)];
      if (answer instanceof CapabilityError) throw answer;
      return { outputs: { status: answer } };
    },
    ...more,
  });
}

function httpError(status: number): CapabilityError {
  return new CapabilityError("HTTP_STATUS", {
    message: `get-job: HTTP ${status}`,
    details: {
      operation: "get-job",
      status,
      headers: {},
      body: null,
      request: { method: "GET", url: "https://api.test/jobs/1" },
    },
  });
}

const network = new CapabilityError("NETWORK", {
  message: "Cannot reach api.test",
  details: { reason: "ECONNRESET", url: "https://api.test/jobs/1" },
});
const timeout = new CapabilityError("TIMEOUT", {
  message: "No complete answer",
  details: { timeoutMs: 1, url: "https://api.test/jobs/1" },
});

describe("waitUntil()", () => {
  test("calls until the outputs match, with pauses between", async () => {
    const clock = new TestClock();
    const told: (readonly [number, number])[] = [];
    const result = await wait(["open", "open", "done"], clock, { onCall: (...call) => told.push(call) });
    expect(result).toEqual({ outputs: { status: "done" } });
    expect(clock.pauses).toEqual([5_000, 5_000]);
    expect(told).toEqual([
      [1, 0],
      [2, 5_000],
    ]);
  });

  test("calls once where the first outputs match", async () => {
    const clock = new TestClock();
    await wait(["done"], clock);
    expect(clock.pauses).toEqual([]);
  });

  test("asks a function", async () => {
    const clock = new TestClock();
    const until = async ({ outputs }: Result) => (outputs as { status: string }).status === "b";
    expect(await wait(["a", "b"], clock, { until })).toEqual({ outputs: { status: "b" } });
  });

  test("goes on after failures that may pass", async () => {
    const clock = new TestClock();
    const failures = [429, 502, 503, 504].map(httpError);
    await wait([...failures, network, timeout, "done"], clock);
    expect(clock.pauses).toHaveLength(6);
  });

  test.each([400, 401, 404, 500])("ends with HTTP %i", async status => {
    const clock = new TestClock();
    await expect(wait(["open", httpError(status)], clock)).rejects.toMatchObject({
      code: "HTTP_STATUS",
      details: { status },
    });
    expect(clock.pauses).toHaveLength(1);
  });

  test.each([httpError(503), network, timeout])("ends with $code for a POST", async error => {
    const operation = { name: "get-job", method: "POST", url: "https://api.test/jobs/1" };
    await expect(wait([error], new TestClock(), { operation })).rejects.toBe(error);
  });

  test("ends in time, with the last outputs, and begins no call that would be too late", async () => {
    const clock = new TestClock();
    await expect(wait(["open"], clock)).rejects.toMatchObject({
      code: "TIMEOUT",
      message:
        'get-job: $.status == \'done\' did not hold within 2 m (24 calls); the last outputs were {"status":"open"}',
      details: {
        operation: "get-job",
        timeoutMs: 120_000,
        url: "https://api.test/jobs/1",
        outputs: { status: "open" },
      },
    });
    expect(clock.time).toBe(115_000);
  });

  test("tells the last failure where the time is over", async () => {
    const failed = wait(["open", network], new TestClock(), { forMs: 7_000 });
    await expect(failed).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringMatching(/within 7 s \(2 calls\); the last call failed: Cannot reach api\.test$/),
      details: { timeoutMs: 7_000 },
    });
    await expect(failed).rejects.not.toHaveProperty("details.outputs");
  });

  test("shows only the beginning of large outputs", async () => {
    const error = await wait(["x".repeat(10_000)], new TestClock(), { forMs: 1 }).catch((thrown: Error) => thrown);
    expect((error as Error).message.length).toBeLessThan(500);
  });

  test("is aborted in a pause", async () => {
    const abort = new AbortController();
    const clock = new TestClock();
    const ended = wait(["open"], clock, {
      signal: abort.signal,
      onCall: calls => calls === 3 && abort.abort(),
    });
    await expect(ended).rejects.toMatchObject({ code: "ABORTED", details: { operation: "get-job" } });
    expect(clock.pauses).toHaveLength(2);
  });
});

describe("Capability.waitFor()", () => {
  let upstream: Upstream | undefined;

  afterEach(async () => {
    await upstream?.close();
    upstream = undefined;
  });

  async function openJob(states: readonly string[]) {
    upstream = await startUpstream((_, response) => {
      const state = states[Math.min((upstream as Upstream).requests.length, states.length) - 1];
      if (state === "silence") return;
      if (state === "busy") answerJson(response, 503, {});
      else answerJson(response, 200, { status: state, token: "hush-hush" });
    });
    const more = `
inputParameters: [{ name: id, in: query }, { name: k, in: header, value: "{{TOKEN}}" }]
outputParameters: [{ name: state, type: string, value: $.status }, { name: token, type: string, value: $.token }]`;
    return openText(operationText(more, { baseUri: upstream.url }), { env: { TOKEN: "hush-hush" } });
  }

  test("gives what run gives", async () => {
    await using capability = await openJob(["open", "busy", "done"]);
    const result = await capability.waitFor("op", { id: "7" }, { until: "$.state == 'done'", everyMs: 1 });
    expect(result).toMatchObject({ outputs: { state: "done" }, status: 200, body: { status: "done" } });
    expect(upstream?.requests.map(({ url }) => url)).toEqual(["/?id=7", "/?id=7", "/?id=7"]);
  });

  test("ends a call that runs when the time is over", async () => {
    await using capability = await openJob(["open", "silence"]);
    const ended = capability.waitFor("op", {}, { until: "$.state == 'done'", everyMs: 1, forMs: 300 });
    await expect(ended).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("did not hold within 300 ms (2 calls)"),
      details: { operation: "op", outputs: { state: "open", token: "***" } },
    });
    await expect(ended).rejects.toMatchObject({ message: expect.not.stringContaining("hush") });
  });

  test("is aborted during a call", async () => {
    await using capability = await openJob(["silence"]);
    const ended = capability.waitFor("op", {}, { until: "$.state == 'done'", signal: AbortSignal.timeout(50) });
    await expect(ended).rejects.toMatchObject({ code: "ABORTED" });
  });

  const mistakes: readonly (readonly [options: unknown, message: string])[] = [
    [{ until: "done" }, 'Cannot read until "done" as a JSONPath filter: "done" is not known in a filter'],
    [{ until: 5 }, "until must be a JSONPath filter or a function"],
    [{}, "until must be a JSONPath filter or a function"],
    [{ until: "$.a", everyMs: 0 }, "everyMs must be a whole number from 1"],
    [{ until: "$.a", forMs: Number.NaN }, "forMs must be a whole number from 1"],
  ];

  test.each(mistakes)("refuses %j", async (options, message) => {
    await using capability = await openJob(["done"]);
    await expect(capability.waitFor("op", {}, options as WaitOptions)).rejects.toThrow(message);
    expect(upstream?.requests).toHaveLength(0);
  });

  test("refuses inputs before the first call", async () => {
    await using capability = await openJob(["done"]);
    const ended = capability.waitFor("op", { di: 1 }, { until: "$.a" });
    await expect(ended).rejects.toMatchObject({ code: "INPUT_UNKNOWN" });
    expect(upstream?.requests).toHaveLength(0);
  });
});
