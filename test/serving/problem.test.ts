import { describe, expect, test } from "vitest";
import { CapabilityError } from "../../src/base/capability-error.ts";
import { httpStatusOf } from "../../src/serving/http-status.ts";
import { problemText } from "../../src/serving/problem.ts";
import { Refusal } from "../../src/serving/refusal.ts";

describe("httpStatusOf()", () => {
  test.each([
    [
      "an input",
      new CapabilityError("INPUT_MISSING", { message: "", details: { operation: "a", inputs: ["b"] } }),
      400,
    ],
    ["a failed connection", new CapabilityError("NETWORK", { message: "", details: { reason: "x", url: "y" } }), 502],
    ["a time-out", new CapabilityError("TIMEOUT", { message: "", details: { timeoutMs: 1 } }), 504],
    ["a fault in the program", new TypeError("x is undefined"), 500],
    ["a thrown text", "no", 500],
  ])("gives the status for %s", (_, error, status) => {
    expect(httpStatusOf(error)).toBe(status);
  });
});

describe("Refusal", () => {
  test("is written as a problem (RFC 9457), with all digits", () => {
    const more = {
      code: "HTTP_STATUS",
      step: "a",
      upstream: { status: 409, body: { id: 12345678901234567890n } },
    } as const;
    const { problem } = new Refusal(502, 'Step "a" failed', {}, more);
    expect(problemText(problem)).toBe(
      '{"type":"about:blank","title":"Bad Gateway","status":502,"detail":"Step \\"a\\" failed","code":"HTTP_STATUS",' +
        '"step":"a","upstream":{"status":409,"body":{"id":12345678901234567890}}}',
    );
  });
});
