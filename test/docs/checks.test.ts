import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { root } from "./page.ts";

// What .ci/run relies on: the check of imports, the last line of a test run, the commands it takes from README.md.

test("check-imports finds every kind of import to the right, with its place", async () => {
  const result = await checkImports({
    "run.ts": 'import { main } from "./cli/main.ts";\n',
    "cli/main.ts": "export const main = 1;\n",
    "error/problem.ts": "export class Problem {}\n",
    "request/build.ts":
      'import { Problem } from "../error/problem.ts";\nexport const problem = new Problem();\n',
    "request/wrong.ts": [
      "// import { send } from '../response/in-a-comment.ts';",
      "import {",
      "  send,",
      '} from "../response/send.ts";',
      'import type { Sent } from "../response/send.ts";',
      'export { receive } from "../response/receive.ts";',
      'export const later = () => import("../run.ts");',
      'export type Later = import("../outputs/later.ts").Later;',
      'import "../mock/sandbox.ts";',
      'import { readFileSync } from "node:fs";',
    ].join("\n"),
    "mock/sandbox.ts": 'import { problem } from "../request/build.ts";\nimport "../run.ts";\n',
    "elsewhere/file.ts": "",
  });
  expect(result).toEqual({
    status: 1,
    problems: [
      "elsewhere/file.ts:1: elsewhere/ is no known stage: give it a place in scripts/check-imports.mjs",
      "mock/sandbox.ts:2: mock/ may not import src/ (run.ts)",
      "request/wrong.ts:4: request/ may not import response/ (response/send.ts)",
      "request/wrong.ts:5: request/ may not import response/ (response/send.ts)",
      "request/wrong.ts:6: request/ may not import response/ (response/receive.ts)",
      "request/wrong.ts:7: request/ may not import src/ (run.ts)",
      "request/wrong.ts:8: request/ may not import outputs/ (outputs/later.ts)",
      "request/wrong.ts:9: request/ may not import mock/ (mock/sandbox.ts)",
      "run.ts:1: src/ may not import cli/ (cli/main.ts)",
    ],
  });
});

test("check-imports finds a circle of files", async () => {
  const result = await checkImports({
    "error/a.ts": 'import { b } from "./b.ts";\n',
    "error/b.ts": 'import { c } from "./c.ts";\n',
    "error/c.ts": '\nimport type { A } from "./a.ts";\n',
  });
  expect(result).toEqual({
    status: 1,
    problems: ["error/c.ts:2: import cycle: error/a.ts → error/b.ts → error/c.ts → error/a.ts"],
  });
});

test("check-imports is silent about a tree that is in order", async () => {
  const result = await checkImports({
    "error/problem.ts": "",
    "binds/resolve.ts": 'import "../error/problem.ts";\nimport "./source.ts";\n',
    "binds/source.ts": "",
    "index.ts": 'export * from "./binds/resolve.ts";\n',
    "cli/main.ts": 'import "../index.ts";\n',
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
