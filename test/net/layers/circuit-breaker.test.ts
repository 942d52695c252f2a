import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "../../../src/net/layers/circuit-breaker.ts";

const OPTIONS = { errorRate: 0.5, minimumCalls: 4, windowMs: 1_000, openMs: 500 };

type How = Parameters<ReturnType<CircuitBreaker["enter"]>["ended"]>[0];

/** Creates a breaker with a clock that a test moves. */
function breakerAt(time: { now: number }) {
  const breaker = new CircuitBreaker(OPTIONS, () => time.now);
  const call = (...hows: How[]) => {
    for (const how of hows) breaker.enter().ended(how);
  };
  return { breaker, call };
}

describe("CircuitBreaker", () => {
  it.each<{ what: string; hows: How[]; isOpen: boolean }>([
    { what: "no calls", hows: [], isOpen: false },
    { what: "too few calls, all bad", hows: ["bad", "bad", "bad"], isOpen: false },
    { what: "enough calls, all bad", hows: ["bad", "bad", "bad", "bad"], isOpen: true },
    { what: "half of them bad", hows: ["good", "good", "bad", "bad"], isOpen: true },
    { what: "fewer than half bad", hows: ["good", "good", "good", "bad", "bad"], isOpen: false },
    { what: "aborted calls", hows: ["aborted", "bad", "aborted", "bad", "aborted"], isOpen: false },
  ])("after $what", ({ hows, isOpen }) => {
    const { breaker, call } = breakerAt({ now: 0 });
    call(...hows);
    expect(breaker.refusal() !== undefined).toBe(isOpen);
  });

  it("forgets what is older than its window", () => {
    const time = { now: 0 };
    const { breaker, call } = breakerAt(time);
    call("bad", "bad", "bad");
    time.now = 1_000;
    call("bad");
    expect(breaker.refusal()).toBeUndefined();
    time.now = 1_500;
    call("bad", "bad", "bad");
    expect(breaker.refusal()).toEqual({ calls: 4, failures: 4, retryInMs: 500 });
  });

  it("refuses until its time is over, then lets one call through, which closes it", () => {
    const time = { now: 0 };
    const { breaker, call } = breakerAt(time);
    call("bad", "bad", "bad", "bad");
    time.now = 499;
    expect(breaker.refusal()).toEqual({ calls: 4, failures: 4, retryInMs: 1 });
    time.now = 500;
    expect(breaker.refusal()).toBeUndefined();
    const probe = breaker.enter();
    expect(breaker.refusal()).toEqual({ calls: 4, failures: 4 });
    probe.ended("good");
    expect(breaker.refusal()).toBeUndefined();
    call("bad", "bad", "bad");
    expect(breaker.refusal()).toBeUndefined();
  });

  it("opens again where the probe fails", () => {
    const time = { now: 0 };
    const { breaker, call } = breakerAt(time);
    call("bad", "bad", "bad", "bad");
    time.now = 600;
    call("bad");
    expect(breaker.refusal()).toEqual({ calls: 4, failures: 4, retryInMs: 500 });
  });

  it("sends another probe where one was aborted", () => {
    const time = { now: 0 };
    const { breaker, call } = breakerAt(time);
    call("bad", "bad", "bad", "bad");
    time.now = 600;
    call("aborted");
    expect(breaker.refusal()).toBeUndefined();
    breaker.enter().ended("good");
    call("bad");
    expect(breaker.refusal()).toBeUndefined();
  });

  it("is told nothing by calls from before it opened", () => {
    const time = { now: 0 };
    const { breaker, call } = breakerAt(time);
    const late = breaker.enter();
    call("bad", "bad", "bad", "bad");
    late.ended("good");
    expect(breaker.refusal()).toBeDefined();
    time.now = 600;
    const probe = breaker.enter();
    late.ended("bad");
    expect(breaker.refusal()).toEqual({ calls: 4, failures: 4 });
    probe.ended("good");
    expect(breaker.refusal()).toBeUndefined();
  });
});
