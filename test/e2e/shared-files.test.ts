import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCommand } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answerJson, startUpstream } from "../support/upstream.ts";

// Files that several processes write at once, by the built package.

const run = promisify(execFile);
const WRITER = path.resolve(import.meta.dirname, "../support/shared-writer.mjs");
const KILLS = path.resolve(import.meta.dirname, "../../bench/kills.mjs");

const PROCESSES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const COUNT = 6;

describe.each(["logins", "recording", "cache"])("a file of %s", kind => {
  it("has all that eight processes have written to it at once", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "shared");
    const writers = PROCESSES.map(name => run(process.execPath, [WRITER, kind, file, name, String(COUNT)]));
    for (const writer of writers) await writer;
    const { stdout } = await run(process.execPath, [WRITER, kind, file]);
    const expected = PROCESSES.flatMap(name => Array.from({ length: COUNT }, (_, index) => `${name}/${index + 1}`));
    expect(stdout.trimEnd().split("\n").sort()).toEqual(expected.sort());
    expect((await readdir(folder)).filter(name => /lock|tmp/.test(name))).toEqual([]);
  }, 60_000);

  // `npm run bench:kills` does it for 200 rounds.
  it("is whole and has lost nothing that was acknowledged whenever its writers are killed", async () => {
    const { stdout } = await run(process.execPath, [KILLS, "10", kind]);
    expect(stdout).toMatch(/^\w+: 10 rounds, \d+ acknowledged, none lost; [012] temporary files are left/);
  }, 120_000);
});

it("--record-append keeps the calls of eight commands at once", async () => {
  const upstream = await startUpstream(({ url }, response) => answerJson(response, 200, { id: url }));
  const cwd = await temporaryFolder({});
  const runs = await Promise.all(
    PROCESSES.map(name =>
      runCommand(
        [
          "run",
          "clerk-backend-api-api-keys",
          "getApiKey",
          "--apiKeyID",
          name,
          "--base-uri",
          upstream.url,
          "--record-append",
          "tape.yaml",
        ],
        { cwd, env: { CLERK_SECRET_KEY: "sk_test" } },
      ),
    ),
  );
  await upstream.close();
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(PROCESSES.map(() => ({ code: 0, stderr: "" })));
  const { interactions } = parse(await readFile(path.join(cwd, "tape.yaml"), "utf8")) as {
    interactions: { request: { url: string } }[];
  };
  const recorded = interactions.map(({ request }) => request.url.slice(-1));
  expect(recorded.sort()).toEqual(PROCESSES);
  expect(await readdir(cwd)).toEqual(["tape.yaml"]);
});
