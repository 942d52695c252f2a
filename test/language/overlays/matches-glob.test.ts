import { describe, expect, it } from "vitest";
import { isGlob, matchesGlob } from "../../../src/language/overlays/matches-glob.ts";

describe("matchesGlob()", () => {
  it.each([
    ["books", "books", true],
    ["books", "book", false],
    ["books", "Books", false],
    ["*", "", true],
    ["*", "books", true],
    ["book*", "books", true],
    ["book*", "book", true],
    ["*s", "books", true],
    ["*s", "book", false],
    ["b*k*", "books", true],
    ["b*x*", "books", false],
    ["*o*o*", "books", true],
    ["*o*o*o*", "books", false],
    ["b??ks", "books", true],
    ["b?ks", "books", false],
    ["?", "", false],
    ["*?", "", false],
    ["shelf-*-v?", "shelf-books-v2", true],
    ["a.b", "axb", false],
    ["[ab]", "a", false],
    ["**", "books", true],
  ])("%s of %s is %s", (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });

  it("does not try every way in which stars could share a long name", () => {
    expect(matchesGlob(`${"*a".repeat(40)}b`, "a".repeat(20_000))).toBe(false);
  });
});

it.each([
  ["books", false],
  ["book*", true],
  ["boo?s", true],
])("isGlob(%s) is %s", (pattern, expected) => {
  expect(isGlob(pattern)).toBe(expected);
});
