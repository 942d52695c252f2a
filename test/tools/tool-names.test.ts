import { describe, expect, test } from "vitest";
import { toolNames } from "../../src/tools/tool-names.ts";

const of = (capability: string, ...references: readonly string[]) =>
  references.map(reference => ({ capability, reference }));

describe("toolNames() names", () => {
  test.each([
    { what: "by the reference", operations: of("a", "listUsers"), names: ["listUsers"] },
    { what: "with other characters", operations: of("a", "r.list", "GET /a/{b}"), names: ["r_list", "GET_a_b"] },
    {
      what: "of two capabilities alike",
      operations: [...of("a", "list", "x"), ...of("b", "list")],
      names: ["a_list", "x", "b_list"],
    },
  ])("$what", ({ operations, names }) => expect(toolNames(operations)).toEqual(names));

  test.each([
    { what: "long ones", references: [`${"x".repeat(80)}1`, `${"x".repeat(80)}2`] },
    { what: "other scripts", references: ["一覧", "追加", "Ünï"] },
    { what: "what differs in case alone", references: ["get", "Get"] },
    { what: "what other characters make alike", references: ["a.b", "a/b", "a_b"] },
    { what: "one that is given twice", references: ["x", "x", "x"] },
    { what: "nothing", references: ["", "..", "---"] },
  ])("$what, each once and in few characters", ({ references }) => {
    const names = toolNames(of("capability", ...references));
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(references.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(toolNames(of("capability", ...references))).toEqual(names);
  });

  test("those that others do not have stay when others come", () => {
    const alone = toolNames(of("a", "list", "一覧", "y".repeat(90)));
    const among = toolNames([...of("b", "get", "追加"), ...of("a", "list", "一覧", "y".repeat(90))]);
    expect(among.slice(2)).toEqual(alone);
  });
});
