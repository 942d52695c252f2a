import { describe, expect, it } from "vitest";
import { parseExact, stringify } from "../../../src/base/numbers/exact-json.ts";
import { ExactNumber, type NumberForm } from "../../../src/base/numbers/exact-number.ts";
import { mayHoldLargeNumber } from "../../../src/base/numbers/large-numbers.ts";
import { parseJson } from "../../../src/base/parse-json.ts";

const exact = (text: string) => new ExactNumber(text);
const ROUNDED = Number("12345678901234567890.10");
const ZEROS = "0".repeat(400);

/** A number, and what it is in each form. */
const NUMBERS: readonly (readonly [text: string, exact: unknown, bigint: unknown, string: unknown])[] = [
  ["9007199254740991", 9007199254740991, 9007199254740991, 9007199254740991],
  ["9007199254740992", 9007199254740992n, 9007199254740992n, "9007199254740992"],
  ["9007199254740993", 9007199254740993n, 9007199254740993n, "9007199254740993"],
  ["-9007199254740993", -9007199254740993n, -9007199254740993n, "-9007199254740993"],
  ["18446744073709551615", 18446744073709551615n, 18446744073709551615n, "18446744073709551615"],
  ["1.10", 1.1, 1.1, 1.1],
  ["0.30000000000000004", 0.30000000000000004, 0.30000000000000004, 0.30000000000000004],
  ["-122.41941550000001", -122.41941550000001, -122.41941550000001, -122.41941550000001],
  ["1e23", 1e23, 1e23, 1e23],
  ["12345678901234567890.10", exact("12345678901234567890.10"), ROUNDED, ROUNDED],
  ["0.123456789012345678", exact("0.123456789012345678"), 0.12345678901234568, 0.12345678901234568],
  ["9007199254740993.0", exact("9007199254740993.0"), 9007199254740993n, "9007199254740993.0"],
  ["1e400", exact("1e400"), BigInt(`1${ZEROS}`), "1e400"],
  ["-1.5E+400", exact("-1.5E+400"), BigInt(`-15${ZEROS.slice(1)}`), "-1.5E+400"],
  ["1e-400", exact("1e-400"), 0, 0],
];

describe("parseExact()", () => {
  it.each(
    NUMBERS.flatMap(([text, ...values]) =>
      (["exact", "bigint", "string"] as const).map((form, index) => ({ text, form, value: values[index] })),
    ),
  )("reads $text in the form $form", ({ text, form, value }) => {
    for (const [json, expected] of [
      [text, value],
      [`[${text}]`, [value]],
      [`{"a":{"b": [1,\n${text} , 2]}}`, { a: { b: [1, value, 2] } }],
    ] as const)
      expect(parseExact(json, form)).toEqual(expected);
    expect(String(parseExact(text, form))).toBe(String(value));
  });

  it.each([
    '"9007199254740993"',
    '{"9007199254740993":"0123456789012345678"}',
    '["e400","1e400","550e8400-e29b-41d4-a716-446655440000"]',
    '"\\"9007199254740993,9007199254740993\\\\"',
    '{"a":", 9007199254740993 ,"}',
    "[0.1,1.25,-17,1e5,12345678.12345678]",
  ])("leaves %s as JSON.parse reads it", text => {
    expect(parseExact(text, "exact")).toEqual(JSON.parse(text));
  });

  it("keeps __proto__ a member of its own", () => {
    const value = parseExact('{"__proto__":9007199254740993}', "bigint");
    expect(Object.entries(value as object)).toEqual([["__proto__", 9007199254740993n]]);
  });

  it.each([
    ["{9007199254740993:1}", 'unexpected "9" at line 1, column 2'],
    ['{"a":1,\n9007199254740993:1}', 'unexpected "9" at line 2, column 1'],
    ["[9007199254740993,", "the text ends at line 1, column 19"],
    ["[09007199254740993]", 'unexpected "9" at line 1, column 3'],
    ['[9007199254740993,"\n"]', 'unexpected "\\n" at line 1, column 20'],
  ])("tells where %j is no JSON", (text, reason) => {
    expect(parseJson(text, "exact")).toEqual({ ok: false, reason });
  });

  it.each<[string, NumberForm]>([
    ['{"a":\n 1e400000}', "bigint"],
    ['{"a":\n 1.5e5000}', "bigint"],
  ])("refuses %j, which would be infinite, with its place", (text, form) => {
    expect(() => parseExact(text, form)).toThrow(/the number 1.*e.* at line 2, column 2 is too large/);
  });

  it("bounds the zeros that exponents stand for", () => {
    const text = `[${Array.from({ length: 2_000 }, () => "1e900").join(",")}]`;
    expect(() => parseExact(text, "bigint")).toThrow("too many zeros");
    expect(stringify(parseExact(text, "exact"))).toBe(text);
  });

  it("takes time of the length of a text", () => {
    const texts = ["9007199254740993,", "1e999e999", "1.1.1e999", "0".repeat(100)].map(part => part.repeat(200_000));
    for (const text of texts) expect(parseJson(`[${text}`, "exact").ok).toBe(false);
  });
});

describe("mayHoldLargeNumber()", () => {
  const mayHold = (text: string) => mayHoldLargeNumber(text, Buffer.from(text), "exact");
  const large = NUMBERS.filter(([, value]) => typeof value !== "number").map(([text]) => text);

  it.each(large)("finds %s wherever it stands", number => {
    for (let before = 0; before < 20; before++) expect(mayHold(`{"${"a".repeat(before)}":${number}}`)).toBe(true);
  });

  it.each(['["9007199254740993"]', '{"id":"e1234-1e400"}', "[0.30000000000000004]", '"550e8400"', "[12345678901234]"])(
    "finds none in %s",
    text => {
      expect(mayHold(text)).toBe(false);
    },
  );
});

describe("stringify()", () => {
  it.each(NUMBERS)("writes %s as it was", (text, value) => {
    if (typeof value !== "number") expect(stringify({ a: [value] })).toBe(`{"a":[${text}]}`);
  });

  const holding = (number: unknown) => ({
    ...{ a: [number, undefined, () => 1, null, "x\n", { b: undefined, c: new Date(0) }], d: [], e: {}, f: undefined },
    ...{ g: Object(1), h: "é\ud800", i: Number.NaN, toString: 1 },
  });

  it.each([undefined, null, 0, 2, 20, "\t", "long text of spaces"])(
    "writes all else as JSON.stringify, with space %j",
    space => {
      const plain = JSON.stringify(holding(7), undefined, space ?? undefined);
      expect(stringify(holding(7), space)).toBe(plain);
      expect(stringify(holding(7n), space)).toBe(plain);
    },
  );

  it("writes numbers where a program has taught BigInt to become text", () => {
    Object.defineProperty(BigInt.prototype, "toJSON", { configurable: true, value: () => "text" });
    try {
      expect(stringify({ a: 9007199254740993n })).toBe('{"a":9007199254740993}');
    } finally {
      Reflect.deleteProperty(BigInt.prototype, "toJSON");
    }
  });

  it("refuses a value that holds itself", () => {
    const value: unknown[] = [1n];
    value.push(value);
    expect(() => stringify(value)).toThrow(TypeError);
  });
});
