import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = path.resolve(import.meta.dirname, "../../deploy/systemd");
const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe.each(readdirSync(folder))("%s", unit => {
  const text = readFileSync(path.join(folder, unit), "utf8");

  it("loads each credential that it names", () => {
    const loaded = Array.from(text.matchAll(/^LoadCredential=([\w.-]+):/gm), ([, name]) => name);
    const named = Array.from(text.matchAll(/%d\/([\w.-]+)/g), ([, name]) => name);
    expect(named.toSorted()).toEqual(loaded.toSorted());
  });

  it.skipIf(!hasSystemd)(
    "is understood by systemd, which finds little to harden (skipped without systemd-analyze)",
    async () => {
      // The command is not installed here.
      const file = path.join(await temporaryFolder({}), unit);
      await writeFile(file, text.replace("/usr/bin/naftiko", process.execPath));
      const run = promisify(execFile);
      const checked = await run("systemd-analyze", ["verify", file]);
      expect(checked.stderr + checked.stdout).toBe("");
      const judged = await run("systemd-analyze", ["security", "--offline=true", "--threshold=20", file]);
      expect(judged.stdout).toMatch(/Overall exposure level for .*: 1\.\d OK/);
    },
  );
});
