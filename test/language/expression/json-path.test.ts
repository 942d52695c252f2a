import { describe, expect, it } from "vitest";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";

const member = (name: string) => ({ kind: "member", name });

const index = (index: number) => ({ kind: "index", index });

const slice = (start?: number, end?: number, step = 1) => ({ kind: "slice", start, end, step });

const union = (...selectors: readonly object[]) => ({ kind: "union", selectors });

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
  { path: "{{ $ }}", text: "$", steps: [] },
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
  { path: "$['a','b']", steps: [union(member("a"), member("b"))], definite: false },
  { path: '$["a", 1, *, 2:]', steps: [union(member("a"), index(1), { kind: "wildcard" }, slice(2))], definite: false },
  { path: "$ .a [0]\n['b']", steps: [member("a"), index(0), member("b")] },
  { path: '$["\\u263A\\n\\/"]', steps: [member("\u263a\n/")] },
  { path: "$.a[-1]", steps: [member("a"), { kind: "index", index: -1 }] },
  { path: "$[0, 2]", steps: [union(index(0), index(2))], definite: false },
  { path: "$[1:3]", steps: [slice(1, 3)], definite: false },
  { path: "$[:2]", steps: [slice(undefined, 2)], definite: false },
  { path: "$[-2:]", steps: [slice(-2)], definite: false },
  { path: "$[:]", steps: [slice()], definite: false },
  { path: "$[0:4:2]", steps: [slice(0, 4, 2)], definite: false },
  { path: "$[ :: -1 ]", steps: [slice(undefined, undefined, -1)], definite: false },
  { path: "$['it\\'s', 0]", steps: [union(member("it's"), index(0))], definite: false },
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

const at = (text: string) => ({ kind: "path", from: "element", path: { text } });

const literal = (value: unknown) => ({ kind: "literal", value });

const exists = (text: string) => ({ kind: "exists", path: at(text) });

const compare = (left: object, operator: string, right: object) => ({ kind: "comparison", operator, left, right });

/** Filters, and the tree of each. */
const filters: readonly (readonly [filter: string, tree: object])[] = [
  ["@.price < 10", compare(at("$.price"), "<", literal(10))],
  ["@.x", exists("$.x")],
  ["!@.x", { kind: "not", test: exists("$.x") }],
  ["! (@.x == 1)", { kind: "not", test: compare(at("$.x"), "==", literal(1)) }],
  ["@ == 'a'", compare(at("$"), "==", literal("a"))],
  [
    "$.limit>=@['a b'] && (@.c||@.d)",
    {
      kind: "and",
      tests: [
        compare({ kind: "path", from: "root", path: { text: "$.limit" } }, ">=", at("$['a b']")),
        { kind: "or", tests: [exists("$.c"), exists("$.d")] },
      ],
    },
  ],
  ["@.a||@.b&&@.c", { kind: "or", tests: [exists("$.a"), { kind: "and", tests: [exists("$.b"), exists("$.c")] }] }],
  ["@.a-b == -1.5e2", compare(at("$.a-b"), "==", literal(-150))],
  ["@.a == 9007199254740993", compare(at("$.a"), "==", literal(9_007_199_254_740_993n))],
  ["'it\\'s (x) @.y' == @.a", compare(literal("it's (x) @.y"), "==", at("$.a"))],
  ["@.a !== null", compare(at("$.a"), "!==", literal(null))],
  ["@.list[?(@.b == ']')]", exists("$.list[?(@.b == ']')]")],
  ["@ .a [0] == 1", compare(at("$ .a [0]"), "==", literal(1))],
  [
    "@.a =~ /x[/]\\/y.*/i && @.b",
    {
      kind: "and",
      tests: [{ kind: "match", left: at("$.a"), pattern: { source: "x[/]\\/y.*", flags: "i" } }, exists("$.b")],
    },
  ],
  [
    "!(@.tag in ['a', \"]\", 1, null])",
    {
      kind: "not",
      test: { kind: "test", operator: "in", left: at("$.tag"), right: { kind: "list", values: ["a", "]", 1, null] } },
    },
  ],
  [
    "['a'] subsetof @.in",
    { kind: "test", operator: "subsetof", left: { kind: "list", values: ["a"] }, right: at("$.in") },
  ],
  [
    "@.tags empty false || @.tags size 2",
    {
      kind: "or",
      tests: [
        { kind: "test", operator: "empty", left: at("$.tags"), right: literal(false) },
        { kind: "test", operator: "size", left: at("$.tags"), right: literal(2) },
      ],
    },
  ],
  ["@.tags.length() > 1", compare(at("$.tags.length()"), ">", literal(1))],
  ["count(@.*) > 1", compare({ kind: "call", name: "count", args: [at("$.*")] }, ">", literal(1))],
  ["match(@.a, 'x.*')", { kind: "call", call: { name: "match", args: [at("$.a"), literal("x.*")] } }],
  [
    "length(value(@..a)) == 1",
    compare(
      { kind: "call", name: "length", args: [{ kind: "call", name: "value", args: [at("$..a")] }] },
      "==",
      literal(1),
    ),
  ],
];

const malformed: readonly [path: string, reason: string][] = [
  ["$.a.", "member name"],
  ["$..", "member name"],
  ["$.a..", "member name"],
  ["$...a", "member name"],
  ["$. .a", "member name"],
  ["$a", '"a" stands'],
  ["$.a]b[", '"]" stands'],
  [" $", "member name"],
  ["$ ", "ends in a blank"],
  ["$. a", "member name"],
  ["$.. a", "member name"],
  ["$[01]", "is not an index: write 1"],
  ["$[-0]", "is not an index: write 0"],
  ["$[9007199254740992]", "too large"],
  ["$[0,]", "is not an index"],
  ["$[0 1]", "is not an index"],
  ["$[1:2:3:4]", "is not an index"],
  ["$[", 'no matching "]"'],
  ["$['a]", "no closing '"],
  ["$['a\tb']", "a control character: it is written \\t"],
  ['$["\\x"]', "the escape \\x is not known"],
  ['$["\\u12"]', "the escape \\u12 is not known"],
  ['$["\\uD800"]', "half of a surrogate pair"],
  ["$[a]", "[a]"],
  ["$[]", "[]"],
  ["$['a',]", "['a',]"],
  ["$[1.5]", "[1.5]"],
  ["$[(@.length-1)]", "the last element is [-1]"],
  ["$.*a", '"a" stands'],
  ["$.a.lenght()", '"lenght()" is not known; did you mean "length"?'],
  ["$.a.length(", 'have no ")"'],
  ["$.a.length().b", "is not the last step"],
  ["$.concat($.a b)", '"b" stands where "," is expected'],
  ["$.concat($.a,)", 'an argument of "concat()" is missing'],
  ["$.concat(process)", '"process" is neither a literal nor a path'],
  ["$.concat($.a[)", "no matching"],
  [`$${".concat($".repeat(500)}${")".repeat(500)}`, "nests too many"],
  ["$.a.constructor('x')", '"constructor()"'],
  ["$[?()]", "too early"],
  ["$[?(@.a ==)]", "too early"],
  ["$[?(== 1)]", '"=="'],
  ["$[?(@.a @.b)]", "operator is missing"],
  ["$[?(@.a == 1 == )]", '"==" stands in the wrong place'],
  ["$[?((@.a)]", 'no ")"'],
  ["$[?(@.a))]", 'no "("'],
  ["$[?(@.a = 1)]", 'write "=="'],
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
  ["$[?(@.a in ['x')]", "is not a list of literals"],
  ["$[?(@.a == ['x'])]", "a list stands in the wrong place"],
  ["$[?(@.a inside ['x'])]", '"inside"'],
  ["$[?(@.a + 1 == 2)]", '"+"'],
  ["$[?(@.a == undefined)]", '"undefined"'],
  ["$[?(@.a == 01x)]", '"01x"'],
  ["$[?(process.exit(1))]", '"process.exit()"'],
  ["$[?(globalThis)]", '"globalThis"'],
  ["$[?(@.push(1))]", '"push()" is not known'],
  ["$[?(@.constructor('return 1')())]", '"constructor()" is not known'],
  ["$[?('a'.constructor)]", "a literal or a list stands by itself"],
  ["$[?true]", "a literal or a list stands by itself"],
  ["$[?@.a && 1]", "a literal or a list stands by itself"],
  ["$[?(@.a) == 1]", '"==" stands in the wrong place'],
  ["$[?!@.a == 1]", "write !(…)"],
  ["$[?!!@.a]", '"!" stands in the wrong place'],
  ["$[?@.* == 1]", "@.* may find several values"],
  ["$[?1 < $..a]", "$..a may find several values"],
  ["$[?length(@.a)]", 'the result of "length()" is not compared'],
  ["$[?match(@.a, 'x') == true]", '"match()" is true or false by itself'],
  ["$[?count(1) == 1]", 'the argument of "count()" is not a path'],
  ["$[?count(@.a, @.b) == 1]", '"count()" takes 1 argument'],
  ["$[?match(@.a)]", '"match()" takes 2 arguments'],
  ["$[?length(@.*) == 1]", "@.* may find several values"],
  ["$[?count (@.a) == 1]", '"count"'],
  ["$[?lenght(@.a) == 1]", '"lenght()" is not known in a filter; did you mean "length"?'],
  ["$[?match(@.a, '(')]", "the pattern /(/ is malformed"],
  ["$[?search(@.a, '(?=x)')]", "looks around"],
  ["$[?(@.a; 1)]", "operator is missing"],
  ["$[?(@.a[)]", '"[)]"'],
  ["$[?(@.a[x] == 1)]", "[x]"],
  ["$.a[?@.b = 1]", 'write "==" (character 10)'],
  ["{{ $.a[?@.b = 1] }}", "(character 13)"],
  ["a.b[", '"[" has no matching "]" (character 4)'],
  ["@.b[0", '"[" has no matching "]" (character 4)'],
  ["$.a.b.", "a member name is missing (at the end)"],
  ["$.a[?lenght(@.b) > 1]", 'did you mean "length"? (character 6)'],
  ["$.a[?@.b.lenght() > 1]", 'did you mean "length"? (character 10)'],
  ["$.a[?@.b == 'x]", "no closing ' (character 13)"],
  ["$.a[?@.b =~ /(/]", "malformed (character 13)"],
  ["$.a[?1 < @.*]", "several values, which cannot be compared: use value(@.*) or count(…) (character 10)"],
  ["$[?@.a and @.b]", 'before "and": write "&&" (character 8)'],
  ["$[?@.a OR @.b]", 'write "||"'],
  ["$[?not @.b]", 'write "!" (character 4)'],
  ["$[?@.a == True]", 'write "true"'],
  ["$[?@.a == None]", 'write "null"'],
  ["$[?@.a & @.b]", 'write "&&"'],
  ["$[?@.a <> 1]", '"<>" is no comparison: write "!="'],
  ["$[?@.a => 1]", '"=>" is no comparison: write ">="'],
  ["$[?@.a eq 1]", 'write "=="'],
  ["$[?@.a contains 'x']", "write \"search(@.name, 'text')\""],
  ["$[?startsWith(@.a, 'x')]", "write \"match(@.name, 'text.*')\""],
  ["$[?size(@.a) > 1]", 'it stands behind the path, "@.name.size()"'],
  ["$.a.search()", 'it stands before the path, "search(@.name)"'],
  ["$.a.count()", 'did you mean "length"?'],
  ["$.a.average()", 'did you mean "avg"?'],
  ["$[?price < 1]", "a member is \"@.price\", a text 'price' (character 4)"],
  ["$[?@.a == .5]", "numbers are written as in JSON"],
  ["$[?@.a*2 == 2]", "filters do not calculate (character 7)"],
  ["$[?@.a + 2 == 2]", "filters do not calculate"],
  ["$[?@.a/2 == 2]", "filters do not calculate"],
  ["$.a[b]", "the member is ['b'] (character 4)"],
  ["$.a[]", "all elements are [*]"],
  [`$${".a".repeat(5_001)}`, "too long"],
  [`$${"[?(@".repeat(60)}${")]".repeat(60)}`, "nests too many filters"],
];

describe("parseJsonPath()", () => {
  it.each(parsed)("reads $path", ({ path, text = path, steps, definite = true }) => {
    expect(parseJsonPath(path)).toEqual({ ok: true, path: { text, steps, definite } });
  });

  it.each(filters)("reads the filter %s, with and without parentheses", (filter, tree) => {
    const path = { definite: false, steps: [{ kind: "filter", filter: tree }] };
    expect(parseJsonPath(`$[?(${filter})]`)).toMatchObject({ ok: true, path });
    expect(parseJsonPath(`$[? ${filter} ]`)).toMatchObject({ ok: true, path });
  });

  it.each(malformed)("refuses %s", (path, reason) => {
    expect(parseJsonPath(path)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("is quick with a long text of spaces in braces", () => {
    expect(parseJsonPath(`{{$${" ".repeat(1_000_000)}x`).ok).toBe(false);
  });
});
