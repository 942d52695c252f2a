import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./page.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "examples/README.md",
  ...pagesBelow("docs"),
];

test.each(pages)("every link of %s leads somewhere", page => {
  const markdown = readFileSync(path.join(root, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  const targets = Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target);
  expect(targets.filter(target => !/^https?:/.test(target) && !leadsSomewhere(page, target))).toEqual([]);
});

test("every page of docs/ is linked from README.md", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  expect(pagesBelow("docs").filter(page => !readme.includes(`](${page})`))).toEqual([]);
});

function pagesBelow(folder: string): string[] {
  const names = readdirSync(path.join(root, folder)).sort();
  return names.filter(name => name.endsWith(".md")).map(name => `${folder}/${name}`);
}

function leadsSomewhere(page: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const absolute = file === "" ? path.join(root, page) : path.resolve(root, path.dirname(page), file);
  if (!existsSync(absolute)) return false;
  return anchor === undefined || anchorsOf(absolute).includes(anchor);
}

/** Anchors of headings as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
