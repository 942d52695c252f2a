import { describe, expect, it } from "vitest";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";

const member = (name: string) => ({ kind: "member", name });

const call = (name: string, args: readonly object[] = []) => ({
  kind: "function",
  name,
  args,
  collects: false,
});

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
  { path: "$.a.length()", steps: [member("a"), call("length")] },
  { path: "$.length( )", steps: [call("length")] },
  { path: "$['a'].keys()", steps: [member("a"), call("keys")] },
  { path: "$.a[*].size()", steps: [member("a"), { kind: "wildcard" }, call("size")], definite: false },
  {
    path: "$..a.size()",
    steps: [{ kind: "descendant" }, member("a"), { ...call("size"), collects: true }],
    definite: true,
  },
  {
    path: "$.concat($.a, '-)', 1, @['b c'].first())",
    steps: [
      call("concat", [
        { kind: "path", from: "root", path: { text: "$.a", steps: [member("a")], definite: true } },
        { kind: "literal", value: "-)" },
        { kind: "literal", value: 1 },
        {
          kind: "path",
          from: "element",
          path: { text: "$['b c'].first()", steps: [member("b c"), call("first")], definite: true },
        },
      ]),
    ],
  },
  { path: "$..*", steps: [{ kind: "descendant" }, { kind: "wildcard" }], definite: false },
];

/** Filters by the operators that are left when the operands are taken out. */
const filters: readonly { filter: string; expression: string; operands: readonly object[] }[] = [
  {
    filter: "@.price < 10",
    expression: "_0 < _1",
    operands: [
      { kind: "path", from: "element", path: { text: "$.price" } },
      { kind: "literal", value: 10 },
    ],
  },
  { filter: "@.x", expression: "_0", operands: [{ kind: "exists", path: { from: "element" } }] },
  { filter: "!@.x", expression: "! _0", operands: [{ kind: "exists" }] },
  { filter: "@ == 'a'", expression: "_0 == _1", operands: [{ path: { text: "$" } }, { value: "a" }] },
  {
    filter: "$.limit>=@['a b'] && (@.c||true)",
    expression: "_0 >= _1 && ( _2 || _3 )",
    operands: [
      { from: "root", path: { text: "$.limit" } },
      { kind: "path", from: "element" },
      { kind: "exists" },
      { value: true },
    ],
  },
  { filter: "@.a-b == -1.5e2", expression: "_0 == _1", operands: [{}, { value: -150 }] },
  { filter: "'it\\'s (x) @.y' == @.a", expression: "_0 == _1", operands: [{ value: "it's (x) @.y" }, {}] },
  { filter: "@.a !== null", expression: "_0 !== _1", operands: [{}, { value: null }] },
  { filter: "@.list[?(@.b == ']')]", expression: "_0", operands: [{ kind: "exists" }] },
  {
    filter: "@.a =~ /x[/]\\/y.*/i && @.b",
    expression: "_0 && _1",
    operands: [
      { kind: "match", left: { kind: "path" }, pattern: { source: "x[/]\\/y.*", flags: "i" } },
      { kind: "exists" },
    ],
  },
  {
    filter: "!(@.tag in ['a', \"]\", 1, null])",
    expression: "! ( _0 )",
    operands: [
      {
        kind: "test",
        operator: "in",
        left: { kind: "path" },
        right: { kind: "list", values: ["a", "]", 1, null] },
      },
    ],
  },
  {
    filter: "['a'] subsetof @.in",
    expression: "_0",
    operands: [{ kind: "test", operator: "subsetof", left: { kind: "list" }, right: { path: { text: "$.in" } } }],
  },
  {
    filter: "@.tags empty false || @.tags size 2",
    expression: "_0 || _1",
    operands: [
      { kind: "test", operator: "empty", right: { value: false } },
      { kind: "test", operator: "size", right: { value: 2 } },
    ],
  },
  {
    filter: "@.tags.length() > 1",
    expression: "_0 > _1",
    operands: [{ kind: "path", path: { text: "$.tags.length()" } }, { value: 1 }],
  },
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
  ["$.a.lenght()", '"lenght()" is not known; did you mean "length"?'],
  ["$.a.length(", 'have no ")"'],
  ["$.a.length().b", "is not the last step"],
  ["$.concat($.a b)", '"b" stands where "," is expected'],
  ["$.concat($.a,)", "an argument is missing"],
  ["$.concat(process)", '"process" is neither a literal nor a path'],
  ["$.concat($.a[)", "no matching"],
  [`$${".concat($".repeat(500)}${")".repeat(500)}`, "are too long"],
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
  ["$[?(@.a =~ 'x')]", "no pattern"],
  ["$[?(@.a =~ /x)]", "no pattern"],
  ["$[?(@.a =~ /(/)]", "malformed"],
  ["$[?(@.a =~ /x/g)]", 'the unknown flags "g"'],
  ["$[?(@.a =~ /(?=x)/)]", "looks around"],
  ["$[?(@.a =~ /(x)\\1/)]", "refers back"],
  ["$[?(@.a =~)]", "too early"],
  ["$[?(=~ /x/)]", '"=~" stands in the wrong place'],
  ["$[?(@.a in)]", "too early"],
  ["$[?(in ['x'])]", '"in" stands in the wrong place'],
  ["$[?(@.a in @.b in @.c)]", '"in" stands in the wrong place'],
  ["$[?(@.a in [x])]", "is not a list of literals"],
  ["$[?(@.a in ['x' 'y'])]", "is not a list of literals"],
  ["$[?(@.a in ['x')]", 'no matching "]"'],
  ["$[?(@.a == ['x'])]", "a list or a pattern stands in the wrong place"],
  ["$[?(@.a inside ['x'])]", '"inside"'],
  ["$[?(@.a + 1 == 2)]", '"+"'],
  ["$[?(@.a == undefined)]", '"undefined"'],
  ["$[?(@.a == 01x)]", '"01x"'],
  ["$[?(process.exit(1))]", '"process.exit"'],
  ["$[?(globalThis)]", '"globalThis"'],
  ["$[?(@.push(1))]", '"push()" is not known'],
  ["$[?(@.constructor('return 1')())]", '"constructor()" is not known'],
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
