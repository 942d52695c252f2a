import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeRules } from "../../../src/language/validation/describe-rules.ts";
import { exposedRules } from "../../../src/language/validation/exposed-rules.ts";
import { fixers } from "../../../src/language/validation/fixes/fixers.ts";
import { departureRules } from "../../../src/language/validation/published/departure-rules.ts";
import { ruleCatalogue } from "../../../src/language/validation/rule-catalogue.ts";
import { rules } from "../../../src/language/validation/rules.ts";

const root = path.resolve(import.meta.dirname, "../../..");

const REFUSING = new Set(["engine/policy/policy.ts", "engine/tenant-runtimes.ts"]);

/**
 * Returns the names that the code gives to findings: those of semantic rules, of the published ones, and every literal
 * one.
 */
function namesInCode(): string[] {
  const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" });
  const literal = files
    // The rules of a policy refuse calls, and are no findings.
    .filter(file => file.endsWith(".ts") && !REFUSING.has(file.split(path.sep).join("/")))
    .flatMap(file =>
      Array.from(
        readFileSync(path.join(root, "src", file), "utf8").matchAll(/\brule: "([\w-]+)"/g),
        ([, name = ""]) => name,
      ),
    );
  return [
    ...new Set([
      ...[...rules, ...exposedRules].map(({ name }) => name),
      ...Object.keys(departureRules),
      "bind-reference",
      ...literal,
    ]),
  ].sort();
}

/** Returns the table at the end of docs/rules.md. */
function tableOfRules(): string {
  const rows = describeRules(new Set(ruleCatalogue.keys())).map(([name, { kinds, explanation, fix, fixable }]) => [
    `\`${name}\``,
    kinds.map(kind => (kind === "info" ? "note" : kind)).join(", "),
    fixable ? "some" : "",
    explanation,
    fix,
  ]);
  const titles = ["rule", "kind", "`--fix`", "what it finds", "what to do"];
  // Not aligned, so that one rule changes one line.
  return [titles, titles.map(() => "---"), ...rows].map(row => `| ${row.join(" | ")} |\n`).join("");
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

  // `npx vitest run test/language/validation/rule-catalogue.test.ts -u` writes it.
  it("is the table of docs/rules.md", async () => {
    const file = path.join(root, "docs/rules.md");
    const page = readFileSync(file, "utf8");
    await expect(page.slice(0, page.indexOf("| rule ")) + tableOfRules()).toMatchFileSnapshot(file);
  });

  it("marks what has a fixer", () => {
    const fixable = [...ruleCatalogue].filter(([, rule]) => rule.fixable).map(([name]) => name);
    expect(fixable.sort()).toEqual(["bind-reference", ...Object.keys(fixers)].sort());
  });
});
