import { describe, expect, it } from "vitest";
import { didYouMean, suggest } from "../../src/base/did-you-mean.ts";

const suggestions: readonly [name: string, candidates: readonly string[], expected: readonly string[]][] = [
  ["createApiKy", ["createApiKey", "getApiKey", "deleteApiKey"], ["createApiKey"]],
  ["CREATEAPIKEY", ["createApiKey"], ["createApiKey"]],
  ["getApiKye", ["getApiKey", "getApiKeys"], ["getApiKey", "getApiKeys"]],
  ["limt", ["limit", "offset"], ["limit"]],
  ["subjetc", ["subject"], ["subject"]],
  ["key", ["apiKeyID", "query"], ["apiKeyID"]],
  ["include_invalid_keys", ["include_invalid"], ["include_invalid"]],
  ["xyz", ["apiKeyID", "subject"], []],
  ["a", ["b"], ["b"]],
  ["id", ["subject"], []],
  ["", ["limit"], []],
  ["x", [], []],
  ["item", ["item1", "item2", "item3", "item4"], ["item1", "item2", "item3"]],
  ["limit", ["limit", "limit"], ["limit"]],
  ["__proto__", ["__proto__", "constructor"], ["__proto__"]],
];

describe("suggest()", () => {
  it.each(suggestions)("finds what %j could mean among %j", (name, candidates, expected) => {
    expect(suggest(name, candidates)).toEqual(expected);
  });

  it("compares the beginnings of long names", () => {
    const long = "x".repeat(100_000);
    expect(suggest(long, [`${long}y`, "short"])).toEqual([`${long}y`]);
  });
});

describe("didYouMean()", () => {
  it.each([
    [[], ""],
    [["a"], '; did you mean "a"?'],
    [["a", "b"], '; did you mean "a" or "b"?'],
    [["a", "b", "c"], '; did you mean "a", "b" or "c"?'],
    [['a"b'], '; did you mean "a\\"b"?'],
  ])("lists %j", (names, expected) => {
    expect(didYouMean(names)).toBe(expected);
  });
});
