import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./page.ts";

// Every rule of docs/security.md names the tests that hold it, as [file](path): "name".

const PAGE = "docs/security.md";
const REFERENCE = /\]\((?<file>[^)]+)\): "(?<name>(?:[^"\\]|\\.)+)"/g;

const rows = readFileSync(path.join(root, PAGE), "utf8")
  .split("\n")
  .filter(line => /^\| (?!rule )(?!-)/.test(line));

test.each(rows)("the tests that hold this rule exist: %s", row => {
  const references = [...row.matchAll(REFERENCE)].map(({ groups }) => groups as { file: string; name: string });
  expect(references).not.toEqual([]);
  expect(references.filter(({ file, name }) => !holds(file, name))).toEqual([]);
});

test("every section has rules", () => {
  const [, ...sections] = readFileSync(path.join(root, PAGE), "utf8").split("\n## ");
  expect(sections.filter(section => section.split("\n").filter(isRule).length === 0)).toEqual([]);
});

function isRule(line: string): boolean {
  return rows.includes(line);
}

/** Tells whether a test file has a test of that name, written as in its source. */
function holds(file: string, name: string): boolean {
  const source = readFileSync(path.resolve(root, path.dirname(PAGE), file), "utf8");
  const written = name.replaceAll("\\|", "|");
  return ['"', "'", "`"].some(quote => source.includes(quote + written + quote));
}
