import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { root } from "./page.ts";

// These are the parts that .ci/run relies on: the check of imports, the last line of a test run, the commands it takes
// from README.md.

test("check-imports finds every kind of import of what is below, with its place", async () => {
  const result = await checkImports({
    "index.ts": 'import { main } from "./surfaces/cli/main.ts";\n',
    "run.ts": "",
    "base/problem.ts": "export class Problem {}\n",
    "engine/call.ts": 'import { problem } from "./request/build.ts";\nimport "../library/capability.ts";\n',
    "engine/request/build.ts":
      'import { Problem } from "../../base/problem.ts";\nexport const problem = new Problem();\n',
    "engine/request/wrong.ts": [
      "// import { send } from '../response/in-a-comment.ts';",
      "import {",
      "  send,",
      '} from "../response/send.ts";',
      'import type { Sent } from "../response/send.ts";',
      'export { receive } from "../response/receive.ts";',
      'export const later = () => import("../call.ts");',
      'export type Later = import("../outputs/later.ts").Later;',
      'import "../../surfaces/sandbox/sandbox.ts";',
      'import { readFileSync } from "node:fs";',
    ].join("\n"),
    "library/capability.ts": "",
    "surfaces/cli/main.ts": 'import { sandbox } from "../sandbox/sandbox.ts";\n',
    "surfaces/sandbox/sandbox.ts": 'import "../cli/main.ts";\n',
    "surfaces/elsewhere/file.ts": "",
    "elsewhere/file.ts": "",
  });
  expect(result).toEqual({
    status: 1,
    problems: [
      "elsewhere/file.ts:1: elsewhere/ is not a known chapter or room: give it a place in scripts/check-imports.mjs",
      "engine/call.ts:2: engine/ may not import library/ (library/capability.ts)",
      "engine/request/wrong.ts:4: engine/request/ may not import engine/response/ (engine/response/send.ts)",
      "engine/request/wrong.ts:5: engine/request/ may not import engine/response/ (engine/response/send.ts)",
      "engine/request/wrong.ts:6: engine/request/ may not import engine/response/ (engine/response/receive.ts)",
      "engine/request/wrong.ts:7: engine/request/ may not import engine/ (engine/call.ts)",
      "engine/request/wrong.ts:8: engine/request/ may not import engine/outputs/ (engine/outputs/later.ts)",
      "engine/request/wrong.ts:9: engine/request/ may not import surfaces/sandbox/ (surfaces/sandbox/sandbox.ts)",
      "run.ts:1: run.ts is not a known chapter or room: give it a place in scripts/check-imports.mjs",
      "surfaces/elsewhere/file.ts:1: surfaces/elsewhere/ is not a known chapter or room: give it a place in scripts/check-imports.mjs",
      "surfaces/sandbox/sandbox.ts:1: surfaces/sandbox/ may not import surfaces/cli/ (surfaces/cli/main.ts)",
      "surfaces/cli/main.ts:1: import cycle: surfaces/sandbox/sandbox.ts → surfaces/cli/main.ts → surfaces/sandbox/sandbox.ts",
      "engine/request/wrong.ts:7: nothing imports later",
      "engine/request/wrong.ts:8: nothing imports Later",
    ],
  });
});

test("check-imports finds a circle of files", async () => {
  const result = await checkImports({
    "base/a.ts": 'import { b } from "./b.ts";\n',
    "base/b.ts": 'import { c } from "./c.ts";\n',
    "base/c.ts": '\nimport type { A } from "./a.ts";\n',
  });
  expect(result).toEqual({
    status: 1,
    problems: ["base/c.ts:2: import cycle: base/a.ts → base/b.ts → base/c.ts → base/a.ts"],
  });
});

test("check-imports finds what is exported and not imported", async () => {
  const result = await checkImports({
    "base/a.ts": [
      "/** export const comment = 1; */",
      "export const used = 1;",
      "export const unused = 1;",
      "export async function usedAsSomething() {}",
      "export async function* unusedToo() {}",
      "export interface Used {}",
      "export type usedAs = Used;",
      "export class Reexported {}",
    ].join("\n"),
    "base/b.ts": 'import { type Used, used, usedAsSomething as unused } from "./a.ts";\n',
    "base/dynamic.ts": "export function all() {}\n",
    "base/loaded.ts": [
      "export const taken = 1;",
      "export const renamed = 1;",
      "export const member = 1;",
      "export const followed = 1;",
      "export type Typed = number;",
      "export const unloaded = 1;",
      "export const other = 1;",
    ].join("\n"),
    "base/namespace.ts": "export function all() {}\n",
    "base/evaluated.ts": "export function none() {}\n",
    "base/c.ts": [
      'import "./evaluated.ts";',
      'import * as all from "./namespace.ts";',
      'const unseen = await import("./dynamic.ts");',
      'const { taken, renamed: other } = await import("./loaded.ts");',
      'const member = (await import("./loaded.ts")).member;',
      'const followed = import("./loaded.ts").then(({ followed }) =>',
      "  followed(unloaded));",
      'let typed: import("./loaded.ts").Typed;',
    ].join("\n"),
    "index.ts": 'export { Reexported } from "./base/a.ts";\nexport const face = 1;\n',
    "surfaces/cli/command.ts": "export const finished = 1;\n",
  });
  expect(result).toEqual({
    status: 1,
    problems: [
      "base/a.ts:3: nothing imports unused",
      "base/a.ts:5: nothing imports unusedToo",
      "base/a.ts:7: nothing imports usedAs",
      "base/evaluated.ts:1: nothing imports none",
      "base/loaded.ts:6: nothing imports unloaded",
      "base/loaded.ts:7: nothing imports other",
    ],
  });
});

test("check-imports is silent about a tree that is in order", async () => {
  const result = await checkImports({
    "base/problem.ts": "",
    "engine/binds/resolve.ts": 'import "../../base/problem.ts";\nimport "./source.ts";\n',
    "engine/binds/source.ts": "",
    "index.ts": 'export * from "./engine/binds/resolve.ts";\n',
    "surfaces/cli/main.ts": 'import "../../engine/binds/resolve.ts";\n',
  });
  expect(result).toEqual({ status: 0, problems: [] });
});

async function checkImports(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(files);
  const script = path.join(root, "scripts", "check-imports.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  return { status, problems: stderr.split("\n").filter(line => line !== "") };
}

test("a test run ends with one line of counts", async () => {
  const config = `
    import { SummaryReporter } from ${JSON.stringify(path.join(root, "test/support/summary-reporter.ts"))};
    export default { test: { include: ["*.test.ts"], reporters: [new SummaryReporter()] } };
  `;
  const folder = await temporaryFolder({
    "vitest.config.ts": config,
    "some.test.ts": `
      import { beforeAll, describe, expect, test } from "vitest";
      test("passes", () => {});
      test("fails", () => expect(1).toBe(2));
      test("prints a secret", () => console.log("5ecret"));
      test.skip("is skipped", () => {});
      describe("with a hook that fails", () => {
        beforeAll(() => { throw new Error("hook"); });
        test("is not reached", () => {});
      });
    `,
    "broken.test.ts": 'throw new Error("while loading");',
  });
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const { stdout } = spawnSync(process.execPath, [vitest, "run", "--root", folder], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout).toBe("2 passed, 4 failed, 2 skipped\n");
});

test("README.md has the two set-up commands that .ci/run takes from it", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const blocks = Array.from(readme.matchAll(/^```sh setup\n([\s\S]*?)\n```$/gm), ([, text]) => text);
  expect(blocks).toHaveLength(2);
  expect(blocks[0]).toMatch(/^npm install && npx naftiko run \S+ \S+ --mock .*$/);
  expect(blocks[1]).toBe("npm install && npm test");
});
