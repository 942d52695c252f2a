import { describe, expect, it } from "vitest";
import { parseTemplate, type TemplateSyntax } from "../../../src/language/expression/template.ts";

/** Parts as texts, names in an array of their own. */
type Parts = readonly (string | readonly [name: string])[];

const parsed: readonly [text: string, double: Parts, path: Parts][] = [
  ["", [], []],
  ["plain", ["plain"], ["plain"]],
  ["{{x}}", [["x"]], [["x"]]],
  ["{x}", ["{x}"], [["x"]]],
  ["a{{x}}b", ["a", ["x"], "b"], ["a", ["x"], "b"]],
  ["a{x}b", ["a{x}b"], ["a", ["x"], "b"]],
  ["{{x}}{{y}}", [["x"], ["y"]], [["x"], ["y"]]],
  ["{x}{y}{{z}}", ["{x}{y}", ["z"]], [["x"], ["y"], ["z"]]],
  ["{{ x }}", [["x"]], [["x"]]],
  ["{ x }", ["{ x }"], [["x"]]],
  ["{{env.KEY}}", [["env.KEY"]], [["env.KEY"]]],
  ["{{page[size]}}", [["page[size]"]], [["page[size]"]]],
  [
    "{{$top}}{{@id}}{{a~b}}{{a-b_c.d}}",
    [["$top"], ["@id"], ["a~b"], ["a-b_c.d"]],
    [["$top"], ["@id"], ["a~b"], ["a-b_c.d"]],
  ],
  ["{{a b}}", [["a b"]], [["a b"]]],
  ["{{$.a}}", [["$.a"]], [["$.a"]]],
  ["{{x}}}", [["x"], "}"], [["x"], "}"]],
  ["{{x}", ["{{x}"], ["{", ["x"]]],
  ["{{x}/{y}", ["{{x}/{y}"], ["{", ["x"], "/", ["y"]]],
  ["{{a}/{{b}}", [["a}/{{b"]], ["{", ["a"], "/", ["b"]]],
  ["{a/{b}/{c}}", ["{a/{b}/{c}}"], ["{a/", ["b"], "/", ["c"], "}"]],
  ["{id}}/{}/{ }x", ["{id}}/{}/{ }x"], [["id"], "}/{}/{ }x"]],
  ["{x", ["{x"], ["{x"]],
  ["x}}", ["x}}"], ["x}}"]],
  ["a}{{x}}", ["a}", ["x"]], ["a}", ["x"]]],
  ['{"a":{"b":{}}}', ['{"a":{"b":{}}}'], ['{"a":{"b":{}}}']],
  ['{"a":{{x}}}', ['{"a":', ["x"], "}"], ['{"a":', ["x"], "}"]],
  ["/items(key='{k}')", ["/items(key='{k}')"], ["/items(key='", ["k"], "')"]],
  ["${env.X}", ["${env.X}"], ["$", ["env.X"]]],
];

const foreign: readonly [text: string, reason: string][] = [
  ["{{#each}}", '"{{#each}}" is not a variable'],
  ["{{/each}}", '"{{/each}}" is not a variable'],
  ["{{^x}}", "not a variable"],
  ["{{>partial}}", "not a variable"],
  ["{{! comment }}", "not a variable"],
  ["{{=<% %>=}}", "not a variable"],
  ["{{& x}}", "not a variable"],
  ["{{{x}}}", "not a variable"],
  ["ok {{x}} {{ #y }}", '"{{#y}}" is not a variable'],
  ["{{}}", "no name"],
  ["{{  }}", "no name"],
];

describe("parseTemplate()", () => {
  it.each(parsed)("splits %j", (text, double, path) => {
    expect(parts(text, "double")).toEqual(double);
    expect(parts(text, "path")).toEqual(path);
  });

  it.each(foreign)("refuses %j", (text, reason) => {
    for (const syntax of ["double", "path"] as const) {
      expect(parseTemplate(text, syntax)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
    }
  });

  it("takes time that grows with the text only", () => {
    for (const opening of ["{", "{{", "{a", "{{a}"]) {
      const hostile = `${opening.repeat(100_000)}}`;
      for (const syntax of ["double", "path"] as const) expect(parseTemplate(hostile, syntax).ok).toBe(true);
    }
  });
});

function parts(text: string, syntax: TemplateSyntax): Parts {
  const result = parseTemplate(text, syntax);
  if (!result.ok) throw new Error(result.reason);
  return result.parts.map(part => (typeof part === "string" ? part : [part.name]));
}
