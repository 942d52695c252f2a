import path from "node:path";
import { describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const COMMANDS: readonly (readonly string[])[] = [
  ["validate", "."],
  ["list"],
  ["describe", "./shop.yaml"],
  ["migrate", "shop.yaml"],
  ["run", "./shop.yaml", "get", "--dry-run"],
  ["--help"],
];

async function folderWithWarnings() {
  return temporaryFolder({
    "shop.yaml": capabilityText({ operations: [{ name: "get", method: "GET", path: "/" }] }),
    "warn.cjs": `process.emitWarning("old part", "DeprecationWarning", "DEP0001");
process.emitWarning("new part", "ExperimentalWarning");
process.emitWarning("plain");
`,
  });
}

describe.concurrent("a warning of Node's", () => {
  it.each(COMMANDS)("is not printed by %s", async (...args) => {
    const cwd = await folderWithWarnings();
    const env = { NODE_OPTIONS: `--require ${path.join(cwd, "warn.cjs")}` };
    const { stderr } = await runCommand(args, { cwd, env });
    expect(stderr).not.toMatch(/Warning|part|plain|trace-/);
  });

  it("about certificates is not printed either", async () => {
    const cwd = await folderWithWarnings();
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const args = [
      "run",
      "./shop.yaml",
      "get",
      "--base-uri",
      "https://127.0.0.1:9",
      "--retries",
      "0",
      "--output",
      "json",
    ];
    const { code, stderr } = await runCommand(args, { cwd, env });
    expect(code).toBe(6);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "NETWORK" } });
  });

  it("is one line with --verbose", async () => {
    const cwd = await folderWithWarnings();
    const env = { NODE_OPTIONS: `--require ${path.join(cwd, "warn.cjs")}` };
    const { stderr } = await runCommand(["list", "--verbose"], { cwd, env });
    expect(stderr).toContain("DeprecationWarning: old part\nExperimentalWarning: new part\nWarning: plain\n");
  });
});
