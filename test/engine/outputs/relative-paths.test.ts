import { describe, expect, it } from "vitest";
import { compileJsonPath } from "../../../src/engine/outputs/compile-json-path.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";
import type { JsonPathStep } from "../../../src/language/expression/json-path-steps.ts";
import { type Random, seededRandom } from "../../support/seeded-random.ts";

const shop = {
  store: {
    book: [
      { title: "Omoo", price: 8 },
      { title: "Typee", price: 12.5, id: 9_007_199_254_740_993n },
    ],
    "x.y": { "@type": "q" },
    2: "two",
    none: null,
    text: "txt",
  },
};
const [omoo, typee] = shop.store.book;

const found: readonly (readonly [path: string, found: unknown])[] = [
  ["$..price^", [omoo, typee]],
  ["$..price^.title", ["Omoo", "Typee"]],
  ["$.store.book[0].price^.title", "Omoo"],
  ["$.store.book[*].title^^", [shop.store.book, shop.store.book]],
  ["$.store.*~", ["2", "book", "x.y", "none", "text"]],
  ["$.store['x.y']['@type']~", "@type"],
  ["$.store['x.y']^~", "store"],
  ["$.store[2]~", null],
  ["$.store['2']~", "2"],
  ["$.store.book[-1].*~", ["title", "price", "id"]],
  ["$.missing^", null],
  ["$.missing[*]^", null],
  ["$.store.none^", shop.store],
  ["$..*@number()", [8, 12.5, 9_007_199_254_740_993n]],
  ["$..*@integer()", [8, 9_007_199_254_740_993n]],
  ["$..*@null()", [null]],
  ["$.store.text@string()", "txt"],
  ["$.store.text@number()", null],
  ["$.store.*@array().length()", [2]],
];

const refused: readonly (readonly [path: string, reason: string])[] = [
  ["$^", 'stands behind "$"'],
  ["$@array()", 'stands behind "$"'],
  ["$.a^^", "nothing is above"],
  ["$..a^^", "stands twice"],
  ["$.a.b~.c", "not the last step"],
  ["$.a@number()~", "not the last step"],
  ["$.a[?@.b]^", "a filter stands in a path"],
  ["$.a[::-1]^", "a slice that goes back"],
  ["$['a\"b']^", "stands in a path"],
  ["$.a@nothing()", '"@" stands'],
  ["$.a^b", '"b" stands'],
];

describe("a path with ^, ~ or a type", () => {
  it.each(found)("%s", (path, expected) => {
    expect(compile(path)(shop)).toEqual(expected);
  });

  it.each(refused)("is refused: %s", (path, reason) => {
    expect(parseJsonPath(path)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it.each(["$[*]^[*]^[*]^", "$..*..*^", "$[*]^..id"])("takes a bounded number of steps: %s", path => {
    const document = Array.from({ length: 3_000 }, (_, id) => ({ id }));
    expect(() => compile(path)(document)).toThrow(expect.objectContaining({ code: "RESPONSE_TOO_LARGE" }));
  });

  it("ends where a document is too deep", () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    expect(() => compile("$..a^")(deep)).toThrow(expect.objectContaining({ code: "RESPONSE_TOO_LARGE" }));
  });

  it("evaluates nothing of a document or a file", () => {
    expect(compile("$.a~")({ a: "$[?(process.exit(1))]" })).toBe("a");
    expect(compile("$['?process']~")({ "?process": 1 })).toBe("?process");
  });

  it("finds what a walk that knows the parents finds, on generated documents and paths", () => {
    const random = seededRandom(5);
    let compared = 0;
    let hits = 0;
    for (let round = 0; round < 20_000; round++) {
      const parsed = parseJsonPath(generatedPath(random));
      if (!parsed.ok) continue;
      const { text, steps, definite } = parsed.path;
      const document = { a: value(random, 3), b: value(random, 2), c: value(random, 3) };
      const result = compileJsonPath(parsed.path)(document);
      const ours = definite ? [result] : ((result as unknown[] | null) ?? []);
      const wanted = walk(document, steps);
      hits += wanted.length;
      compared++;
      expect(texts(ours, definite), `${text} of ${JSON.stringify(document)}`).toEqual(texts(wanted, definite));
    }
    expect([compared > 3_000, hits > 3_000]).toEqual([true, true]);
  });
});

function compile(path: string): (document: unknown) => unknown {
  const parsed = parseJsonPath(path);
  if (!parsed.ok) throw new Error(`${path}: ${parsed.reason}`);
  return compileJsonPath(parsed.path);
}

/** Sorts the values. An element's name is a number or its text. A definite path gives `null` where it finds nothing. */
function texts(values: readonly unknown[], definite: boolean): string[] {
  const written = values.map(item => JSON.stringify(item).replace(/^"(\d)"$/, "$1"));
  return written.filter(text => !definite || text !== "null").sort();
}

interface Place {
  readonly value: unknown;
  readonly key?: string | number;
  readonly parent?: Place;
}

function walk(document: unknown, steps: readonly JsonPathStep[]): unknown[] {
  let places: readonly Place[] = [{ value: document }];
  for (const step of steps) places = places.flatMap(place => selected(place, step));
  return places.map(place => place.value);
}

function below(parent: Place): Place[] {
  if (Array.isArray(parent.value)) return parent.value.map((item: unknown, key) => ({ value: item, key, parent }));
  if (typeof parent.value !== "object" || parent.value === null) return [];
  return Object.entries(parent.value).map(([key, item]) => ({ value: item as unknown, key, parent }));
}

function selected(place: Place, step: JsonPathStep): readonly Place[] {
  const isList = Array.isArray(place.value);
  switch (step.kind) {
    case "member":
      return isList ? [] : below(place).filter(({ key }) => key === step.name);
    case "index":
      return isList ? below(place).slice(step.index, step.index + 1 || undefined) : [];
    case "slice":
      return isList ? below(place).slice(step.start, step.end) : [];
    case "wildcard":
      return below(place);
    case "union":
      return step.selectors.flatMap(selector => selected(place, selector));
    case "descendant":
      return typeof place.value === "object" && place.value !== null
        ? [place, ...below(place).flatMap(item => selected(item, step))]
        : [];
    case "parent":
      return place.parent === undefined ? [] : [place.parent];
    case "key":
      return place.key === undefined ? [] : [{ value: place.key }];
    case "type":
      return typeof place.value === step.type ? [place] : [];
    default:
      throw new TypeError(step.kind);
  }
}

const NAMES = ["a", "b", "c"];

function generatedPath(random: Random): string {
  const name = () => NAMES[random(3)] as string;
  const step = () => {
    const steps = [
      `.${name()}`,
      "[*]",
      `[${random(3) - 1}]`,
      `..${name()}`,
      "..*",
      "^",
      "^",
      `['a','${name()}']`,
      "[0:2]",
    ];
    return steps[random(steps.length)];
  };
  const end = ["^", "~", "@number()", "@string()"][random(4)];
  return `$${Array.from({ length: 1 + random(4) }, step).join("")}${end}`;
}

function value(random: Random, depth: number): unknown {
  const kind = depth === 0 ? 2 : random(3);
  if (kind === 0) return Array.from({ length: random(4) }, () => value(random, depth - 1));
  if (kind === 1)
    return Object.fromEntries(NAMES.filter(() => random(2) === 0).map(name => [name, value(random, depth - 1)]));
  return [1, 2.5, "x", "ab", true, null][random(6)];
}
