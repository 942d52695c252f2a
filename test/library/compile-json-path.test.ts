import { describe, expect, it } from "vitest";
import { CapabilityError, compileJsonPath } from "../../src/index.ts";

const shop = {
  items: [
    { id: 9_007_199_254_740_993n, name: "a", price: 5 },
    { id: 2, name: "b", price: 10 },
  ],
};

const found: readonly (readonly [path: string, found: unknown])[] = [
  ["$", shop],
  ["$.items[0].name", "a"],
  ["items[1].name", "b"],
  ["$.items[2].name", null],
  ["$.items[?@.price < 10].name", ["a"]],
  ["$.items[?@.price > 10]", []],
  ["$.none[*]", null],
  ["$.items[?@.id == 9007199254740993].name", ["a"]],
  ["$.items[?@.id == 9007199254740992].name", []],
  ["$.items[?@.id == '9007199254740993'].name", ["a"]],
  ["$.items[?@.id > 9007199254740992].name", ["a"]],
  ["$.items[?@.id <= 2].name", ["b"]],
  ["$.items[*].id.max()", [null, null]],
  ["$.max($..id)", 9_007_199_254_740_993n],
  ["$.sum($..id)", 9_007_199_254_740_995n],
  ["$.items[?match(@.name, '[a-z]')].price", [5, 10]],
  ["$.items[?@.name =~ /A/i].price", [5]],
];

const refused: readonly (readonly [text: unknown, message: string])[] = [
  ["$.a[", 'Cannot read "$.a[" as JSONPath'],
  [" $", "as JSONPath"],
  ["$ ", "as JSONPath"],
  ["$[?@ =~ /a{2000}/]", "Cannot use the pattern /a{2000}/"],
  ["$[?match(@, 'a{2000}')]", "Cannot use the pattern /a{2000}/"],
  [undefined, "A JSONPath is a text"],
  [1, "A JSONPath is a text"],
];

describe("compileJsonPath()", () => {
  it.each(found)("gives what %s finds", (path, expected) => {
    expect(compileJsonPath(path)(shop)).toEqual(expected);
  });

  it.each(refused)("refuses %j", (text, message) => {
    expect(() => compileJsonPath(text as string)).toThrow(
      expect.objectContaining({ name: "TypeError", message: expect.stringContaining(message) }),
    );
  });

  it("ends a path that takes too long", () => {
    const deep = Array.from({ length: 900 }).reduce<unknown>(inner => ({ a: inner, b: [1] }), null);
    const read = compileJsonPath("$..*..*..*");
    expect(() => read(deep)).toThrow(CapabilityError);
  });
});
