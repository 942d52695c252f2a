import { describe, expect, it } from "vitest";
import { parseJsonPath } from "../../src/expression/json-path.ts";

const member = (name: string) => ({ kind: "member", name });

const parsed: readonly { path: string; text?: string; steps: readonly object[]; definite?: boolean }[] = [
  { path: "", steps: [] },
  { path: "$", steps: [] },
  { path: "$.", text: "$", steps: [] },
  { path: "@", text: "$", steps: [] },
  { path: " $ ", text: "$", steps: [] },
  { path: "{{$}}", text: "$", steps: [] },
  { path: "{{ $.a.b }}", text: "$.a.b", steps: [member("a"), member("b")] },
  { path: "a", text: "$.a", steps: [member("a")] },
  { path: "a.b", text: "$.a.b", steps: [member("a"), member("b")] },
  { path: "@.a", text: "$.a", steps: [member("a")] },
  { path: "@type", text: "$.@type", steps: [member("@type")] },
  { path: "[0]", text: "$.[0]", steps: [{ kind: "index", index: 0 }] },
  { path: "$.[0]", steps: [{ kind: "index", index: 0 }] },
  { path: "$.list-crew", steps: [member("list-crew")] },
  { path: "$.a*b", steps: [member("a*b")] },
  { path: "$.a_b", steps: [member("a_b")] },
  { path: "$.$ref", steps: [member("$ref")] },
  { path: "$.@type", steps: [member("@type")] },
  { path: "$.é", steps: [member("é")] },
  { path: "$.2024", steps: [member("2024")] },
  { path: "$.user details.mail", steps: [member("user details"), member("mail")] },
  { path: "$['odata.next']", steps: [member("odata.next")] },
  { path: '$["a]"]', steps: [member("a]")] },
  { path: "$[ 'a' ]", steps: [member("a")] },
  { path: "$['it\\'s']", steps: [member("it's")] },
  { path: "$['']", steps: [member("")] },
  { path: "$['a','b']", steps: [{ kind: "members", names: ["a", "b"] }] },
  { path: "$.a[-1]", steps: [member("a"), { kind: "index", index: -1 }] },
  { path: "$[0, 2]", steps: [{ kind: "indexes", indexes: [0, 2] }], definite: false },
  { path: "$[1:3]", steps: [{ kind: "slice", start: 1, end: 3 }], definite: false },
  { path: "$[:2]", steps: [{ kind: "slice", start: undefined, end: 2 }], definite: false },
  { path: "$[-2:]", steps: [{ kind: "slice", start: -2, end: undefined }], definite: false },
  { path: "$[:]", steps: [{ kind: "slice", start: undefined, end: undefined }], definite: false },
  { path: "$.*", steps: [{ kind: "wildcard" }], definite: false },
  { path: "$[*].a", steps: [{ kind: "wildcard" }, member("a")], definite: false },
  { path: "$..a", steps: [{ kind: "descendant" }, member("a")], definite: false },
  { path: "$..[0]", steps: [{ kind: "descendant" }, { kind: "index", index: 0 }], definite: false },
  { path: "$..*", steps: [{ kind: "descendant" }, { kind: "wildcard" }], definite: false },
];

/** Filters by the operators that are left when the operands are taken out. */
const filters: readonly { filter: string; expression: string; operands: readonly object[] }[] = [
  {
    filter: "@.price < 10",
    expression: "_0 < _1",
    operands: [{ from: "element", exists: false, path: { text: "$.price" } }, { value: 10 }],
  },
  { filter: "@.x", expression: "_0", operands: [{ from: "element", exists: true }] },
  { filter: "!@.x", expression: "! _0", operands: [{ exists: true }] },
  { filter: "@ == 'a'", expression: "_0 == _1", operands: [{ path: { text: "$" } }, { value: "a" }] },
  {
    filter: "$.limit>=@['a b'] && (@.c||true)",
    expression: "_0 >= _1 && ( _2 || _3 )",
    operands: [
      { from: "root", path: { text: "$.limit" } },
      { from: "element", exists: false },
      { exists: true },
      { value: true },
    ],
  },
  { filter: "@.a-b == -1.5e2", expression: "_0 == _1", operands: [{}, { value: -150 }] },
  { filter: "'it\\'s (x) @.y' == @.a", expression: "_0 == _1", operands: [{ value: "it's (x) @.y" }, {}] },
  { filter: "@.a !== null", expression: "_0 !== _1", operands: [{}, { value: null }] },
  { filter: "@.list[?(@.b == ']')]", expression: "_0", operands: [{ exists: true }] },
];

const malformed: readonly [path: string, reason: string][] = [
  ["$.a.", "member name"],
  ["$..", "member name"],
  ["$.a..", "member name"],
  ["$...a", "member name"],
  ["$. .a", "member name"],
  ["$a", '"a" stands'],
  ["$.a]b[", 'no matching "]"'],
  ["$[", 'no matching "]"'],
  ["$['a]", 'no matching "]"'],
  ["$[a]", "[a]"],
  ["$[]", "[]"],
  ["$['a',]", "['a',]"],
  ["$[1.5]", "[1.5]"],
  ["$[0:4:2]", "[0:4:2]"],
  ["$[(@.length-1)]", "[(@.length-1)]"],
  ["$.*a", '"a" stands'],
  ["$.a.length()", '"length()"'],
  ["$.a.constructor('x')", '"constructor()"'],
  ["$[?@.a]", "[?(…)]"],
  ["$[?()]", "too early"],
  ["$[?(@.a ==)]", "too early"],
  ["$[?(== 1)]", '"=="'],
  ["$[?(@.a @.b)]", "operator is missing"],
  ["$[?(@.a == 1 == )]", "too early"],
  ["$[?((@.a)]", 'no ")"'],
  ["$[?(@.a))]", 'no "("'],
  ["$[?(@.a = 1)]", '"="'],
  ["$[?(@.a =~ /x/)]", '"=~"'],
  ["$[?(@.a in ['x'])]", '"in"'],
  ["$[?(@.a + 1 == 2)]", '"+"'],
  ["$[?(@.a == undefined)]", '"undefined"'],
  ["$[?(@.a == 01x)]", '"01x"'],
  ["$[?(process.exit(1))]", '"process.exit"'],
  ["$[?(globalThis)]", '"globalThis"'],
  ["$[?(@.push(1))]", '"("'],
  ["$[?(@.constructor('return 1')())]", '"("'],
  ["$[?('a'.constructor)]", '".constructor"'],
  ["$[?(@.a; 1)]", "operator is missing"],
  ["$[?(@.a[)]", '"["'],
  ["$[?(@.a[x] == 1)]", "[x]"],
  [`$${".a".repeat(5_001)}`, "too long"],
  [`$${"[?(@".repeat(60)}${")]".repeat(60)}`, "too many filters"],
];

describe("parseJsonPath()", () => {
  it.each(parsed)("reads $path", ({ path, text = path, steps, definite = true }) => {
    expect(parseJsonPath(path)).toEqual({ ok: true, path: { text, steps, definite } });
  });

  it.each(filters)("takes the filter $filter apart", ({ filter, expression, operands }) => {
    expect(parseJsonPath(`$[?(${filter})]`)).toMatchObject({
      ok: true,
      path: { definite: false, steps: [{ kind: "filter", filter: { expression, operands } }] },
    });
  });

  it.each(malformed)("refuses %s", (path, reason) => {
    expect(parseJsonPath(path)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("is quick with a long text of spaces in braces", () => {
    expect(parseJsonPath(`{{$${" ".repeat(1_000_000)}x`).ok).toBe(false);
  });
});
