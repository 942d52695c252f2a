import { describe, expect, test } from "vitest";
import { compileCondition, parseCondition } from "../../../src/engine/waiting/compile-condition.ts";

const DONE = { status: "done", n: 5, ok: true, items: [{ state: "open" }, { state: "ready" }] };
const OPEN = { status: "open", n: 2, ok: false, items: [{ state: "open" }] };

/** Conditions that hold for the first outputs and not for the second. */
const conditions = [
  "$.status == 'done'",
  '@.status == "done"',
  " $.status=='done' ",
  "$.status != 'open'",
  "$.n >= 5",
  "$.n > 2 && $.ok == true",
  "!($.ok == false)",
  "$.n > 9 || @.ok == true",
  "$[?(@.status == 'done')]",
  "@[?(@.status == 'done')]",
  "$['status'] == 'done'",
  "$.items[?(@.state == 'ready')]",
  "$.items[1]",
  "$.items.length() == 2",
  "$.items[-1].state == 'ready'",
];

describe("a condition", () => {
  test.each(conditions)("%s", async text => {
    const parsed = parseCondition(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    const holds = compileCondition(parsed.filters);
    expect([holds(DONE), holds(OPEN)]).toEqual([true, false]);
  });

  test("in the form of a path may be about the outputs, or about one of them", async () => {
    const parsed = parseCondition("$[?(@.state == 'ready')]");
    if (!parsed.ok) throw new Error(parsed.reason);
    const holds = compileCondition(parsed.filters);
    const outputs = [{ state: "ready" }, { job: { state: "ready" } }, [{ state: "open" }, { state: "ready" }]];
    expect(outputs.map(holds)).toEqual([true, true, true]);
    expect([null, "ready", 1, [], {}, { job: { state: "open" } }].map(holds)).toEqual(Array(6).fill(false));
  });

  const malformed: readonly (readonly [text: string, reason: string])[] = [
    ["", "the filter ends too early"],
    ["done", '"done" is not known in a filter'],
    ["$.status ==", "the filter ends too early"],
    ["$.status = 'done'", '"=" is no comparison: write "=="'],
    ["$.status == done", '"done" is not known in a filter'],
    ["$.a $.b", "an operator is missing in the filter"],
    ["($.a == 1", 'a "(" of the filter has no ")"'],
    ["$.a == 1)", 'a ")" of the filter has no "("'],
    ["$.a == 1)] | $[?(1 == 1", 'a ")" of the filter has no "("'],
    ["$[?(@.a ==)]", "the filter ends too early"],
    [" ".repeat(10_001), "it is too long"],
    [`${"$.a[?(".repeat(60)}@.x${")]".repeat(60)}`, "it nests too many filters"],
    ["process.exit()", '"process.exit()" is not known'],
    ["$.a == 'x", "a text has no closing '"],
  ];

  test.each(malformed)("%j is refused", (text, reason) => {
    const parsed = parseCondition(text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});
