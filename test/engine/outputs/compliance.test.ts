import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compileJsonPath } from "../../../src/engine/outputs/compile-json-path.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";

// The public compliance suite of RFC 9535. A case that does not hold stands in the list below.

interface Case {
  readonly name: string;
  readonly selector: string;
  readonly invalid_selector?: boolean;
  readonly document?: unknown;
  readonly result?: readonly unknown[];
  readonly results?: readonly (readonly unknown[])[];
}

/** The suite is not a part of this project: it runs where it stands beside it. */
const SUITE = path.resolve(import.meta.dirname, "../../../../shared/jsonpath/cts.json");
const tests: readonly Case[] = existsSync(SUITE) ? JSON.parse(readFileSync(SUITE, "utf8")).tests : [];

/** Cases that do not hold, with the row of the language's chapter 6 that asks for otherwise. */
const otherwise = new Map<string, string>([
  ...["basic, name shorthand, symbol", "basic, name shorthand, number"].map(
    name => [name, "names behind a dot are as Jayway reads them (6.2)"] as const,
  ),
  ...[
    "filter, equals numeric string, single quotes",
    "filter, equals numeric string, double quotes",
    "filter, equals number",
    "filter, not-equals numeric string, single quotes",
    "filter, not-equals numeric string, double quotes",
    "filter, not-equals number",
    "filter, equals number, zero and negative zero",
    "filter, equals number, negative zero and zero",
    "filter, equals number, with and without decimal fraction",
    "filter, equals number, exponent",
    "filter, equals number, exponent upper e",
    "filter, equals number, positive exponent",
    "filter, equals number, negative exponent",
    "filter, equals number, exponent 0",
    "filter, equals number, exponent -0",
    "filter, equals number, exponent +0",
    "filter, equals number, exponent leading -0",
    "filter, equals number, exponent +00",
    "filter, equals number, decimal fraction",
    "filter, equals number, decimal fraction, trailing 0",
    "filter, equals number, decimal fraction, exponent",
    "filter, equals number, decimal fraction, positive exponent",
    "filter, equals number, decimal fraction, negative exponent",
  ].map(name => [name, "`==` and `!=` convert between a number and a numeric text (6.4)"] as const),
]);

describe.skipIf(tests.length === 0)("the compliance suite of RFC 9535", () => {
  it("has all its cases", () => {
    expect(tests).toHaveLength(703);
    expect([...otherwise.keys()].filter(name => !tests.some(test => test.name === name))).toEqual([]);
  });

  const cases = tests.filter(({ name }) => !otherwise.has(name));
  it.each(cases)("$name: $selector", test => {
    const outcome = outcomeOf(test);
    expect(wanted(test), JSON.stringify(outcome)).toContainEqual(outcome);
  });

  const others = tests
    .filter(({ name }) => otherwise.has(name))
    .map(test => ({ ...test, row: otherwise.get(test.name) }));
  it.each(others)("$name: $selector does not hold, because $row", test => {
    expect(wanted(test)).not.toContainEqual(outcomeOf(test));
  });
});

/** Returns the outcomes that the suite allows: lists of values, or that the path is refused. */
function wanted({ invalid_selector, result, results }: Case): readonly unknown[] {
  if (invalid_selector) return ["refused"];
  return results ?? [result];
}

/** Returns the values that a path finds as a list. A definite path gives its value, or `null` where there is none. */
function outcomeOf({ selector, document, result, results }: Case): unknown {
  const parsed = parseJsonPath(selector);
  if (!parsed.ok) return "refused";
  if (document === undefined) return "read";
  const found = compileJsonPath(parsed.path)(document);
  if (!parsed.path.definite) return found ?? [];
  const isNull = found === null && (result ?? results?.[0])?.length === 0;
  return isNull ? [] : [found];
}
