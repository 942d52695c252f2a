import { expect, it } from "vitest";
import type { StepEvent } from "../../../src/engine/orchestration/unit-answer.ts";
import { printLines } from "../../../src/surfaces/cli/printed-text.ts";
import { formatSteps } from "../../../src/surfaces/cli/timeline/step-timeline.ts";

const base: StepEvent = {
  step: "a",
  kind: "call",
  operation: "api.a",
  uses: [],
  startMs: 0,
  endMs: 10,
  outcome: "done",
  status: 200,
  attempts: 1,
  isShared: false,
  items: undefined,
  error: undefined,
};

function drawn(events: readonly Partial<StepEvent>[], columns = 0): string {
  const whole = events.map(event => ({ ...base, ...event }));
  return printLines(formatSteps("cap.unit", whole, { columns, mask: text => text.replaceAll("s3cret", "***") }));
}

it.each<[what: string, event: Partial<StepEvent>, line: RegExp, note: string | undefined]>([
  ["a call", {}, /a {2}call api\.a {2}200 {2}█+ {2}0–10 ms/, undefined],
  ["a script", { kind: "script", operation: undefined, status: undefined }, /a {2}script {2}done/, undefined],
  ["what it waited for", { uses: ["b", "c"] }, /200/, "after b, c"],
  ["items", { items: 12 }, /200/, "12 items"],
  ["attempts", { attempts: 3 }, /200/, "3 attempts"],
  ["a shared answer", { isShared: true }, /200/, "with the answer of an identical GET"],
  ["one that is left out", { outcome: "skipped" }, /skipped/, "its x-if does not hold"],
  ["one that is ended", { outcome: "aborted" }, /aborted/, undefined],
  [
    "a failure, without its secrets",
    { outcome: "failed", error: new Error('Step "a": no s3cret') },
    /failed/,
    "no ***",
  ],
  [
    "a failure that is allowed",
    { outcome: "continued", error: new Error("lost") },
    /failed/,
    "the run went on without it",
  ],
])("draws %s", (_, event, line, note) => {
  const [, row = "", below] = drawn([event]).split("\n");
  expect(row).toMatch(line);
  expect(below?.trim() || undefined).toBe(note);
});

it("draws steps in the order in which they began, each from its beginning to its end", () => {
  const text = drawn(
    [
      { step: "late", startMs: 50, endMs: 100 },
      { step: "early", startMs: 0, endMs: 50 },
      { step: "beside", startMs: 25, endMs: 50 },
    ],
    80,
  );
  expect(text).toMatch(/^cap\.unit: 3 steps, 100 ms, up to 2 at the same time\n/);
  const bars = text
    .split("\n")
    .slice(1, 4)
    .map(row => /[·█]+/.exec(row)?.[0] ?? "");
  expect(
    text
      .split("\n")
      .slice(1, 4)
      .map(row => row.trim().split(" ")[0]),
  ).toEqual(["early", "beside", "late"]);
  const [early = "", beside = "", late = ""] = bars;
  expect(early).toMatch(/^█+·+$/);
  expect(beside).toMatch(/^·+█+·+$/);
  expect(late).toMatch(/^·+█+$/);
  expect(new Set(bars.map(({ length }) => length)).size).toBe(1);
});

it.each([40, 80, 200])("stays within %d columns", columns => {
  const text = drawn([{ step: "a".repeat(60), operation: "api.".repeat(30) }, { step: "b\u001b[2J" }], columns);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 74));
  expect(text).not.toContain("\u001b");
});
