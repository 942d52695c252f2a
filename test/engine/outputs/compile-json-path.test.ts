import { describe, expect, it } from "vitest";
import { ExactNumber } from "../../../src/base/numbers/exact-number.ts";
import { compileJsonPath, compileReader } from "../../../src/engine/outputs/compile-json-path.ts";
import { StepMeter } from "../../../src/engine/outputs/step-meter.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";

/** A document, and what paths find in it. */
interface Corpus {
  readonly what: string;
  readonly document: unknown;
  readonly found: readonly (readonly [path: string, expected: unknown])[];
}

const shop = {
  items: [
    { id: 1, tag: "a", price: 5, note: null, tags: ["x", "y"], "odata.next": "n" },
    { id: 2, tag: "b", price: "10", tags: [], "sort-key": 7 },
    { id: 3, tag: "(c)", price: 20, sold: false, parts: [{ id: 9 }] },
  ],
  limit: 10,
  empty: [],
  nothing: null,
  zero: 0,
  "user details": { mail: "m" },
  "@type": "Shop",
  $ref: "r",
  under_score: "u",
  constructor: "own",
};
const [first, second, third] = shop.items;

const corpora: readonly Corpus[] = [
  {
    what: "entry rules",
    document: shop,
    found: [
      ["", null],
      ["$", shop],
      ["$.", shop],
      ["@", shop],
      ["limit", 10],
      ["{{$.limit}}", 10],
      ["@.limit", 10],
    ],
  },
  {
    what: "definite paths",
    document: shop,
    found: [
      ["$.items[0].id", 1],
      ["$.items[-1].id", 3],
      ["$.items[3]", null],
      ["$.items[-4]", null],
      ["$.items[0]['odata.next']", "n"],
      ["$.items[1].sort-key", 7],
      ["$.zero", 0],
      ["$.nothing", null],
      ["$.nothing.x", null],
      ["$.none.x.y", null],
      ["$.limit.x", null],
      ["$.items.id", null],
      ["$.items.length", null],
      ["$.items['0']", null],
      ["$.tag[0]", null],
      ["$.user details.mail", "m"],
      ["$.@type", "Shop"],
      ["$.$ref", "r"],
      ["$.under_score", "u"],
      ["$.items['id']", null],
    ],
  },
  {
    what: "indefinite paths",
    document: shop,
    found: [
      ["$.items[*].id", [1, 2, 3]],
      ["$.items.*.id", [1, 2, 3]],
      ["$.items[*].sold", [false]],
      ["$.items[*].note", [null]],
      ["$.items[*].none", []],
      ["$.items[0].*", [1, "a", 5, null, ["x", "y"], "n"]],
      ["$.items[0,2].id", [1, 3]],
      ["$.items[2,0].id", [3, 1]],
      ["$.items[0,9].id", [1]],
      ["$.items[-1,0].id", [3, 1]],
      ["$.items[1:3].id", [2, 3]],
      ["$.items[:2].id", [1, 2]],
      ["$.items[-2:].id", [2, 3]],
      ["$.items[:-1].id", [1, 2]],
      ["$.items[2:1]", []],
      ["$.items[0]['tag','id']", ["a", 1]],
      ["$.items[0]['tag','none']", ["a"]],
      ["$.items[*]['id','sort-key']", [1, 2, 7, 3]],
      ["$.none['a','b']", null],
      ["$.items[::2].id", [1, 3]],
      ["$.items[::-1].id", [3, 2, 1]],
      ["$.items[0,?@.id == 2,-1:].id", [1, 2, 3]],
      ["$.items[*].tags[0]", ["x"]],
      ["$.empty[*].x", []],
      ["$.limit[*]", []],
      ["$.items[*][*][*]", ["x", "y", { id: 9 }]],
      ["$.none[*].x", null],
      ["$.nothing[*]", null],
      ["$.none[0:1]", null],
      ["$.none..x", null],
      ["$.none[?(@.x)]", null],
      ["$.nothing[?(@.x)]", null],
    ],
  },
  {
    what: "descents",
    document: shop,
    found: [
      ["$..id", [1, 2, 3, 9]],
      ["$.items..id", [1, 2, 3, 9]],
      ["$..none", []],
      ["$..parts[0].id", [9]],
      ["$..[0]", [first, "x", { id: 9 }]],
      ["$.items[0]..*", [1, "a", 5, null, ["x", "y"], "n", "x", "y"]],
      ["$..*..mail", ["m"]],
      ["$..constructor", ["own"]],
      ["$.limit..x", []],
    ],
  },
  {
    what: "filters",
    document: shop,
    found: [
      ["$.items[?(@.id == 2)]", [second]],
      ["$.items[?(@.id != 2)].id", [1, 3]],
      ["$.items[?(@.price < 11)].id", [1]],
      ["$.items[?(@.price <= 5)].id", [1]],
      ["$.items[?(@.price > 10)].id", [3]],
      ["$.items[?(@.price >= 10)].id", [3]],
      ["$.items[?(@.price == 10)].id", [2]],
      ["$.items[?(@.price === 10)].id", []],
      ["$.items[?(@.price !== '10')].id", [1, 3]],
      ["$.items[?(@.tag == 'a')].id", [1]],
      ['$.items[?(@.tag == "(c)")].id', [3]],
      ["$.items[?('b' == @.tag)].id", [2]],
      ["$.items[?(@['tag'] == 'a')].id", [1]],
      ["$.items[?(@.sort-key == 7)].id", [2]],
      ["$.items[?(@.sold)].id", [3]],
      ["$.items[?(@.note)].id", [1]],
      ["$.items[?(!@.sold)].id", [1, 2]],
      ["$.items[?(@.sold == false)].id", [3]],
      ["$.items[?(@.note == null)].id", [1]],
      ["$.items[?(@.tags)].id", [1, 2]],
      ["$.items[?(@.tags[*])].id", [1]],
      ["$.items[?(@.tags[0] == 'x')].id", [1]],
      ["$.items[?(@.parts[?(@.id == 9)])].id", [3]],
      ["$.items[?(@.tags == 'x,y')].id", []],
      ["$.items[?(@.price < $.limit)].id", [1]],
      ["$.items[?(@.id == 1 || @.id == 3)].id", [1, 3]],
      ["$.items[?(@.id > 1 && @.id < 3)].id", [2]],
      ["$.items[?(@.id == 1 || @.none < 1)].id", [1]],
      ["$.items[?(@.none < 1 || @.id == 1)].id", [1]],
      ["$.items[?(@.none.x.y == 1)]", []],
      ["$.items[?(!(@.id == 1) && (@.tag == 'b' || @.tag == '(c)'))].id", [2, 3]],
      ["$.items[?@.price == 10].id", [2]],
      ["$.items[?@.price != '5'].id", [2, 3]],
      ["$.items[?@.note < 10].id", []],
      ["$.items[?@.sold == 0].id", []],
      ["$.items[?@.sold == 'false'].id", []],
      ["$.items[?@.note == ''].id", []],
      ["$.items[?@.none == $.missing].id", [1, 2, 3]],
      ["$.items[?@.none != 1].id", [1, 2, 3]],
      ["$.items[?@.tags == $.empty].id", [2]],
      ["$.items[?@.note <= null].id", [1]],
      ["$.items[?length(@.tag) == 3].id", [3]],
      ["$.items[?count(@.*) > 5].id", [1]],
      ["$.items[?value(@..id) == 9].id", []],
      ["$.items[?match(@.tag, '[ab]')].id", [1, 2]],
      ["$.items[?search(@.tag, 'c')].id", [3]],
      ["$.items[?@.id==1||@.id==3].id", [1, 3]],
      ["$.items[?(@.id == 1)].tags[1]", ["y"]],
      ["$.items[0].tags[?(@ == 'y')]", ["y"]],
      ["$[?(@.mail)]", [{ mail: "m" }]],
      ["$..[?(@.id == 9)]", [{ id: 9 }]],
      ["$.limit[?(@.x)]", []],
      ["$.items[?(@.tag == 'user@root.test')]", []],
    ],
  },
  {
    what: "functions",
    document: { ...shop, numbers: [3, 1, "x", 2], words: ["a", 1, null, "b"], lists: [[1, 2], [], "no"] },
    found: [
      ["$.items.length()", 3],
      ["$.empty.size()", 0],
      ["$.items[0].length()", 6],
      ["$.limit.length()", null],
      ["$['@type'].length()", null],
      ["$.none.length()", null],
      ["$.nothing.length()", null],
      ["$.items[*].tags.length()", [2, 0]],
      ["$.lists[*].size()", [2, 0, null]],
      ["$.items[?(@.tags)].tags.length()", [2, 0]],
      ["$..id.length()", 4],
      ["$.items..id.sum()", 15],
      ["$..none.length()", 0],
      ["$.numbers.min()", 1],
      ["$.numbers.max()", 3],
      ["$.numbers.sum()", 6],
      ["$.numbers.avg()", 2],
      ["$.numbers.stddev()", Math.sqrt(2 / 3)],
      ["$.empty.sum()", null],
      ["$.words.min()", 1],
      ["$.sum($.numbers, $.limit)", 16],
      ["$.sum($..id)", 15],
      ["$.words.concat()", "a1b"],
      ["$.concat($['@type'], '-', $.limit, $.none)", "Shop-10"],
      ["$.items[*].concat(@.tag, '/', $.limit)", ["a/10", "b/10", "(c)/10"]],
      ["$.empty.append(1)", [1]],
      ["$.limit.append(1)", null],
      ["$.items[2].keys()", ["id", "tag", "price", "sold", "parts"]],
      ["$.items.keys()", null],
      ["$.numbers.first()", 3],
      ["$.numbers.last()", 2],
      ["$.numbers.index(-2)", "x"],
      ["$.numbers.index(9)", null],
      ["$.numbers.index()", null],
      ["$.empty.first()", null],
      ["$.items[?(@.tags.length() > 1)].id", [1]],
      ["$.items[?(@.tags.length())].id", [1, 2]],
      ["$.items[?(@.id < $.items.length())].id", [1, 2]],
    ],
  },
  {
    what: "filters by tests",
    document: shop,
    found: [
      ["$.items[?(@.tag in ['a','(c)'])].id", [1, 3]],
      ["$.items[?(@.tag nin ['a','(c)'])].id", [2]],
      ["$.items[?(@.none nin ['a'])].id", [1, 2, 3]],
      ["$.items[?(@.price in [10, 20])].id", [2, 3]],
      ["$.items[?(@.note in [null])].id", [1]],
      ["$.items[?('x' in @.tags)].id", [1]],
      ["$.items[?(@.tags subsetof ['x','y','z'])].id", [1, 2]],
      ["$.items[?(['x'] subsetof @.tags)].id", [1]],
      ["$.items[?(@.tags anyof ['y','q'])].id", [1]],
      ["$.items[?(@.tags noneof ['y','q'])].id", [2]],
      ["$.items[?(@.tags size 2)].id", [1]],
      ["$.items[?(@.tag size 3)].id", [3]],
      ["$.items[?(@.tags size $.empty)].id", [2]],
      ["$.items[?(@.tags empty true)].id", [2]],
      ["$.items[?(@.tags empty false)].id", [1]],
      ["$.items[?(@.price < 10 && @.tag in ['a','b'])].tag", ["a"]],
      ["$.items[?(!(@.tag in ['a']) || @.id == 1)].id", [1, 2, 3]],
      ["$.items[?(@.tag =~ /A/i)].id", [1]],
      ["$.items[?(@.tag =~ /A/)].id", []],
      ["$.items[?(@.tag =~ /c/)].id", []],
      ["$.items[?(@.tag =~ /.*c.*/)].id", [3]],
      ["$.items[?(@.price =~ /1\\d/)].id", [2]],
      ["$.items[?(@.id =~ /[23]/)].id", [2, 3]],
      ["$.items[?(@.tags =~ /.*/)].id", []],
      ["$.items[?(@.none =~ /.*/)].id", []],
    ],
  },
  {
    what: "numbers that a double cannot hold",
    document: {
      list: [9_007_199_254_740_993n, 9_007_199_254_740_992, 1.5, new ExactNumber("1e400"), "9007199254740993"],
      whole: [9_007_199_254_740_991, 2],
    },
    found: [
      ["$.list[?@ == 9007199254740993]", [9_007_199_254_740_993n, "9007199254740993"]],
      ["$.list[?@ === 9007199254740993]", [9_007_199_254_740_993n]],
      ["$.list[?@ < 2]", [1.5]],
      ["$.list[?@ > 9007199254740992].length()", [null, null]],
      ["$.list[?@ == $.list[0]]", [9_007_199_254_740_993n, "9007199254740993"]],
      ["$.list[?@ in [9007199254740993]]", [9_007_199_254_740_993n, "9007199254740993"]],
      ["$.list[0:3].min()", [null, null, null]],
      ["$.list.min()", 1.5],
      ["$.list.max()", new ExactNumber("1e400").valueOf()],
      ["$.whole.sum()", 9_007_199_254_740_993n],
      ["$.whole.max()", 9_007_199_254_740_991],
      ["$.concat($.list[0], '-', $.list[3])", "9007199254740993-1e400"],
    ],
  },
  {
    what: "numbers beyond all doubles",
    document: [new ExactNumber("1e400"), new ExactNumber("10e399"), new ExactNumber("1e500"), 10n ** 400n],
    found: [
      ["$[?@ == $[0]].length()", [null, null, null]],
      ["$[?@ == $[2]].length()", [null]],
      ["$[?@ != $[3]].length()", [null]],
      ["$[?@ == 1].length()", []],
    ],
  },
  {
    what: "texts by their code points",
    document: ["a", "\u{1f600}", "\u{1f600}\u{1f600}", "\ud83da", "\ude00\ud83d"],
    found: [
      ["$[?length(@) == 1]", ["a", "\u{1f600}"]],
      ["$[?length(@) == 2]", ["\u{1f600}\u{1f600}", "\ud83da", "\ude00\ud83d"]],
    ],
  },
  {
    what: "no path reaches a prototype",
    document: { a: {}, list: [{ id: 1 }], text: "t", ["__proto__"]: { x: 1 } },
    found: [
      ["$.a.constructor", null],
      ["$.a.__proto__", null],
      ["$.a['__proto__']", null],
      ["$.a.toString", null],
      ["$.text.length", null],
      ["$.a['toString','constructor']", []],
      ["$..toString", []],
      ["$..constructor", []],
      ["$.list[?(@.toString)]", []],
      ["$.list[?(@.constructor)]", []],
      ["$.list[?(@.__proto__)]", []],
      ["$.list[?(@.constructor.constructor)]", []],
      ["$.list[?(@.valueOf != 1)].id", [1]],
      ["$.list[?($.constructor)]", []],
    ],
  },
  {
    what: "a list at the root",
    document: [{ a: 1 }, { b: 2 }],
    found: [
      ["$[*].a", [1]],
      ["$[1].b", 2],
      ["$.a", null],
    ],
  },
  {
    what: "an absent body",
    document: null,
    found: [
      ["$", null],
      ["$.a", null],
      ["$[*]", null],
      ["$..a", null],
    ],
  },
  {
    what: "a number at the root",
    document: 5,
    found: [
      ["$", 5],
      ["$.a", null],
      ["$[*]", []],
      ["$..a", []],
    ],
  },
];

describe("compileJsonPath()", () => {
  const cases = corpora.flatMap(({ what, document, found }) =>
    found.map(([path, expected]) => ({ what, document, path, expected })),
  );

  it.each(cases)("$what: $path", ({ document, path, expected }) => {
    const read = compile(path);
    expect(read(deepFreeze(document))).toEqual(expected);
  });

  it("finds an own member called __proto__", () => {
    const document: unknown = JSON.parse('{"a":{"__proto__":{"x":1}},"list":[{"__proto__":1}]}');
    expect(compile("$.a.__proto__.x")(document)).toBe(1);
    expect(compile("$..x")(document)).toEqual([1]);
    expect(compile("$.list[?(@.__proto__ == 1)]")(document)).toHaveLength(1);
    expect(compile("$.a['__proto__','x']")(document)).toEqual([{ x: 1 }]);
  });

  it("calls nothing that an answer brings along", () => {
    const document: unknown = JSON.parse('{"list":[{"a":{"toString":1,"valueOf":2}},{"a":"x"}]}');
    expect(compile("$.list[?(@.a == 'x')]")(document)).toEqual([{ a: "x" }]);
  });

  it("matches a pattern that others would never be done with", () => {
    const read = compile("$[?(@ =~ /(a+)+b/)]");
    expect(read([`${"a".repeat(50_000)}c`, "aab"])).toEqual(["aab"]);
  });

  it("folds long lists", () => {
    const numbers = Array.from({ length: 300_000 }, (_, index) => index);
    expect(compile("$.max()")(numbers)).toBe(numbers.length - 1);
  });

  it("refuses a pattern that its engine does not have", () => {
    expect(() => compile("$[?(@ =~ /a{2000}/)]")).toThrow(expect.objectContaining({ code: "CAPABILITY_INVALID" }));
  });

  it("descends into deep documents", () => {
    const depth = 20_000;
    const document: unknown = JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
    expect(compile("$..a")(document)).toHaveLength(depth);
  });

  it("descends into long lists", () => {
    const document = Array.from({ length: 200_000 }, (_, id) => ({ id }));
    expect(compile("$..id")(document)).toHaveLength(document.length);
  });

  it("gives the value itself, not a copy", () => {
    const read = compile("$.items[0]");
    expect(read(shop)).toBe(first);
    expect(compile("$.items[*]")(shop)).toEqual([first, second, third]);
  });
});

function compile(path: string): (root: unknown) => unknown {
  const parsed = parseJsonPath(path);
  if (!parsed.ok) throw new Error(`${path}: ${parsed.reason}`);
  return compileJsonPath(parsed.path);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

describe("the steps of a path", () => {
  const wide = Array.from({ length: 4_000 }, (_, index) => ({
    a: index,
    b: [index],
    c: { d: "x".repeat(50) },
  }));
  const deep = Array.from({ length: 900 }).reduce<unknown>(inner => ({ a: inner, b: [1] }), null);

  it.each([
    { path: "$..*..*..*", document: deep },
    { path: "$..a..b", document: Array.from({ length: 20 }, () => deep) },
    { path: "$[?($..d)]", document: wide },
    { path: "$[?(@.a in $)]", document: wide },
    { path: "$[?($ subsetof $)]", document: wide },
    { path: "$[*].append($)", document: wide },
    { path: "$[*].concat($[*].c.d)", document: wide },
    { path: "$[*].sum($[*].a)", document: wide },
    {
      path: "$[?(@.c.d =~ /(x+x+)+y/ || @.c.d =~ /(a?){20}(b?){20}(c?){20}y/)]",
      document: [...wide, ...wide, ...wide],
    },
    { path: "$[*].concat($[0])", document: [[BigInt("7".repeat(9_000))], ...wide] },
    { path: "$[*].concat($[0])", document: [[new ExactNumber("7".repeat(9_000))], ...wide] },
    { path: "$[?@ == $[1]]", document: Array.from({ length: 20_000 }, () => new ExactNumber("7".repeat(9_000))) },
    { path: "$[?$[0] < $[1]]", document: Array.from({ length: 4_000 }, (_, i) => "x".repeat(100_000) + i) },
    { path: "$[?length($[0]) == 1]", document: ["x".repeat(100_000), ...wide] },
    { path: `$[*][${"0,".repeat(4_000)}0]`, document: Array.from({ length: 4_000 }, () => [1]) },
  ])("are bounded: $path is refused", ({ path, document }) => {
    const parsed = parseJsonPath(path);
    if (!parsed.ok) throw new Error(parsed.reason);
    const read = compileJsonPath(parsed.path);
    expect(() => read(document)).toThrow(
      expect.objectContaining({ code: "RESPONSE_TOO_LARGE", details: { maxSteps: 10_000_000 } }),
    );
  });

  it.each([
    { path: "$..*" },
    { path: "$..d" },
    { path: "$[*].b[*]" },
    { path: "$[?(@.a == 3)]" },
    { path: "$[?(@.b[0] in [1,2,3])]" },
    { path: "$[?(@.c.d =~ /x+/)]" },
    { path: "$..length()" },
  ])("are in proportion to the document for $path", ({ path }) => {
    const parsed = parseJsonPath(path);
    if (!parsed.ok) throw new Error(parsed.reason);
    const read = compileReader(parsed.path);
    const [once, twice] = [500, 1_000].map(size => {
      const budget = { left: 10_000_000 };
      const document = wide.slice(0, size);
      read(document, document, new StepMeter(path, budget));
      return 10_000_000 - budget.left;
    }) as [number, number];
    expect(once).toBeGreaterThanOrEqual(500);
    expect(twice).toBeLessThan(2.5 * once);
  });

  it("start anew with each document", () => {
    const parsed = parseJsonPath("$..*");
    if (!parsed.ok) throw new Error(parsed.reason);
    const read = compileJsonPath(parsed.path);
    for (let call = 0; call < 300; call++) expect(read(wide)).toHaveLength(24_000);
  });

  it.each(["(((((((((a{10}){10}){10}))))))", "((a{10}){10}){11}", "(a?){1000}a{1000}"])(
    "cannot be had by a pattern that is written out at length: /%s/",
    pattern => {
      const parsed = parseJsonPath(`$[?(@ =~ /${pattern}/)]`);
      if (!parsed.ok) return expect(parsed.reason).toContain("malformed");
      expect(() => compileJsonPath(parsed.path)).toThrow(expect.objectContaining({ code: "CAPABILITY_INVALID" }));
    },
  );
});
