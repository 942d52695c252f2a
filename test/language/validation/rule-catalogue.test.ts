import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeRules } from "../../../src/language/validation/describe-rules.ts";
import { departureRules } from "../../../src/language/validation/published/departure.ts";
import { ruleCatalogue } from "../../../src/language/validation/rule-catalogue.ts";
import { rules } from "../../../src/language/validation/rules.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** Names that the code gives to findings: those of semantic rules, of the published ones, and every literal one. */
function namesInCode(): string[] {
  const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" });
  const literal = files
    .filter(file => file.endsWith(".ts"))
    .flatMap(file =>
      Array.from(
        readFileSync(path.join(root, "src", file), "utf8").matchAll(/\brule: "([\w-]+)"/g),
        ([, name = ""]) => name,
      ),
    );
  return [
    ...new Set([...rules.map(({ name }) => name), ...departureRules, "bind-reference", ...literal]),
  ].sort();
}

/** The rows of the table in docs/rules.md. */
function rowsInDocs(): string[][] {
  const page = readFileSync(path.join(root, "docs/rules.md"), "utf8");
  const table = page.slice(page.indexOf("| rule "));
  return table
    .trimEnd()
    .split("\n")
    .slice(2)
    .map(line =>
      line
        .split("|")
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
}

describe("ruleCatalogue", () => {
  it("has every rule that the code has, and no other", () => {
    expect([...ruleCatalogue.keys()].sort()).toEqual(namesInCode());
  });

  it("explains every rule in sentences without links", () => {
    for (const [name, { explanation, fix }] of ruleCatalogue) {
      for (const text of [explanation, fix]) {
        expect(text, name).toMatch(/^[A-Z].*\.$/);
        expect(text, name).not.toMatch(/https?:\/\/|\]\(|\|/);
      }
    }
  });

  it("is what docs/rules.md says", () => {
    const expected = describeRules(new Set(ruleCatalogue.keys())).map(
      ([name, { explanation, fix, fixable, strict }]) => [
        `\`${name}\``,
        strict ? "fails" : "",
        fixable ? "some" : "",
        explanation,
        fix,
      ],
    );
    expect(rowsInDocs()).toEqual(expected);
  });
});
