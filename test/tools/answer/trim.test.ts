import { describe, expect, test } from "vitest";
import { jsonCost } from "../../../src/tools/answer/json-cost.ts";
import { type Cut, type Rest, trim } from "../../../src/tools/answer/trim.ts";
import { randomFrom } from "../../support/seeded-random.ts";

const item = (id: number) => ({ id, name: `item number ${id}`, tags: ["a", "b"] });
const items = (count: number) => Array.from({ length: count }, (_, index) => item(index + 1));

/** Reads all parts of a value. */
function partsOf(value: unknown, budget: number) {
  const parts: { value: unknown; cuts: readonly Cut[] }[] = [];
  for (let rest: Rest | undefined, isDone = false; !isDone; isDone = rest === undefined) {
    const part = trim(value, budget, rest);
    if (parts.length > 0) expect(part.hasProgress).toBe(true);
    parts.push(part);
    rest = part.rest;
    expect(parts.length).toBeLessThan(500);
  }
  return parts;
}

test("a value that fits is given as it is", () => {
  const value = { data: items(3) };
  const trimmed = trim(value, 1_000);
  expect(trimmed.value).toBe(value);
  expect(trimmed).toMatchObject({ cuts: [], rest: undefined });
});

test("a list gives its first items, then the next ones", () => {
  const [first, second] = partsOf({ total: 500, data: items(500) }, 1_000);
  const firstIds = ((first?.value ?? {}) as { data: { id: number }[] }).data.map(({ id }) => id);
  expect(first?.cuts).toEqual([{ path: "$.data", kind: "items", first: 1, last: firstIds.length, total: 500 }]);
  expect(firstIds.length).toBeGreaterThan(30);
  // Small members are repeated, so that each part has the form of the whole.
  expect(second?.value).toMatchObject({ total: 500 });
  expect(((second?.value ?? {}) as { data: unknown[] }).data[0]).toEqual(item(firstIds.length + 1));
});

test("several large lists share the room", () => {
  const { value, cuts } = trim({ a: items(400), few: items(2), b: items(900) }, 1_000);
  const { a, few, b } = value as Record<string, unknown[]>;
  expect(few).toEqual(items(2));
  expect(Math.abs((a?.length ?? 0) - (b?.length ?? 0))).toBeLessThan(4);
  expect(cuts.map(({ path, total }) => [path, total])).toEqual([
    ["$.a", 400],
    ["$.b", 900],
  ]);
});

test("a long string is cut, and continued after the items of its list", () => {
  const value = items(30).map(each => ({ ...each, body: `${"word ".repeat(600)}${each.id}` }));
  const parts = partsOf(value, 3_000);
  expect((parts.at(0)?.value as { length: number } | undefined)?.length).toBeGreaterThanOrEqual(7);
  const lists = parts.flatMap(({ cuts }) => cuts).filter(({ path }) => path === "$");
  expect(lists.map(({ first, last }) => last - first + 1).reduce((sum, count) => sum + count)).toBe(30);
  const body = parts.flatMap(part => part.cuts.filter(({ path }) => path === "$[2].body"));
  expect(body[0]).toMatchObject({ kind: "characters", first: 1, total: 3_001 });
  expect(body.at(-1)?.last).toBe(3_001);
});

test("an object with very many members is given in parts", () => {
  const value = Object.fromEntries(items(2_000).map(each => [`key ${each.id}`, each]));
  const parts = partsOf(value, 2_000);
  expect(Object.assign({}, ...parts.map(part => part.value))).toEqual(value);
  expect(parts[0]?.cuts[0]).toMatchObject({ kind: "members", first: 1, total: 2_000 });
});

test("pairs of surrogates stay together", () => {
  for (const { value } of partsOf({ text: "😀".repeat(900) }, 100)) expect(JSON.stringify(value)).not.toContain("\\ud");
});

test("large numbers keep their digits", () => {
  const { value } = trim({ ids: Array.from({ length: 500 }, () => 12345678901234567890n) }, 200);
  expect((value as { ids: unknown[] }).ids[0]).toBe(12345678901234567890n);
});

test("what is nested too deeply is left out, and said", () => {
  let value: unknown = "deep";
  for (let depth = 0; depth < 5_000; depth++) value = [value];
  const { cuts, rest, value: given } = trim(value, 100_000);
  expect(cuts.at(-1)).toMatchObject({ kind: "items", last: 0, total: 1 });
  expect(rest).toBeUndefined();
  expect(JSON.stringify(given).length).toBeLessThan(1_000);
});

test("a budget that nothing fits ends without progress", () => {
  expect(trim({ data: items(10) }, 3)).toMatchObject({ hasProgress: false });
});

test.each([
  ["short names", 1],
  ["long names", 6],
])("members of objects within lists, with %s, are all given in the end", (_what, times) => {
  const name = (index: number) => `${"quarterly_".repeat(times)}${index}`;
  const member = (index: number) => [name(index), "long text ".repeat(1 + (index % 40))];
  const record = (from: number) => Object.fromEntries(Array.from({ length: 130 }, (_, at) => member(from + at)));
  const value = [[record(1_000), record(2_000)], { deep: { deeper: [record(3_000)] } }];
  expect(charactersOf(partsOf(value, 700).map(part => part.value))).toEqual(charactersOf(value));
});

/** Counts the characters of the texts of each member. */
function charactersOf(value: unknown): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, name = "", text = ""] of JSON.stringify(value).matchAll(/"(\w+)":"([^"]*)"/g))
    counts[name] = (counts[name] ?? 0) + text.length;
  return counts;
}

test("no more of a large value is looked at than is given", () => {
  const large = Array.from({ length: 300_000 }, () => "x".repeat(300));
  let read = 0;
  const watched = new Proxy(large, {
    get(target, name, receiver) {
      read++;
      return Reflect.get(target, name, receiver);
    },
  });
  trim({ data: watched, other: watched }, 5_000);
  expect(read).toBeLessThan(5_000);
});

describe("random values", () => {
  const random = randomFrom(42);
  const below = (most: number) => Math.floor(random() * most);
  let next = 1_000;

  /** Makes a value whose scalars are all different. */
  function anyValue(depth: number): unknown {
    const kind = depth > 3 ? 0 : below(5);
    if (kind === 0) return ++next;
    if (kind === 1) return `unique${++next} ${"long text ".repeat(below(2) * below(200))}`;
    if (kind === 2)
      return Object.fromEntries(
        Array.from({ length: below(below(8) === 0 ? 150 : 10) }, (_, at) => [`k${at}`, anyValue(depth + 2)]),
      );
    return Array.from({ length: below(12) }, () => anyValue(depth + 1));
  }

  test.each(Array.from({ length: 10 }, (_, index) => 400 + index * 200))(
    "all parts within %i tokens are the whole",
    budget => {
      const value = { first: anyValue(0), second: [anyValue(1), anyValue(1)], third: anyValue(1) };
      const parts = partsOf(value, budget);
      const given = parts.map(part => JSON.stringify(part.value)).join("\n");
      for (const [mark] of JSON.stringify(value).matchAll(/unique\d+|\b\d+\b/g)) expect(given).toContain(mark);
      for (const part of parts)
        expect(jsonCost(part.value, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(budget * 1.3);
      const ofStrings = new Map<string, number>();
      for (const { path, kind, first, last, total } of parts.flatMap(({ cuts }) => cuts)) {
        if (kind !== "characters") continue;
        const end = ofStrings.get(path) ?? 0;
        expect(first).toBe(end + 1);
        ofStrings.set(path, last);
        expect(last).toBeLessThanOrEqual(total);
      }
    },
  );
});
