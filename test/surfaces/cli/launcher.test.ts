import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fitLauncher } from "../../../scripts/fit-launcher.cjs";
import { capabilityText } from "../../support/capability-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

// How the command is started decides what Node makes of its command line: here it is started as users start it.

const root = path.resolve(import.meta.dirname, "../../..");
const dist = path.join(root, "dist");
const PACKED = "#!/usr/bin/env -S node --\n";
const hasBusybox = spawnSync("busybox", ["true"]).status === 0;
const isWindows = process.platform === "win32";

let folder: string;
/** A launcher by the way that it is started. */
const launchers: Record<string, readonly [program: string, ...args: string[]]> = {};

beforeAll(async () => {
  folder = await temporaryFolder({
    "bin/of users/.keep": "",
    "work/shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: "https://api.test",
      binds: { KEY: "KEY" },
      operations: [{ name: "ask", method: "GET", path: "/" }],
    }),
    "work/evil.cjs": `require("node:fs").writeFileSync(${JSON.stringify("ran")}, "");`,
  });
  await writeEnv("evil.env", `KEY=from-the-file\nNODE_OPTIONS=--require=${folder}/work/evil.cjs\n`);
  const bin = path.join(folder, "bin");
  const linked = path.join(bin, "of users", "naftiko");
  await symlink(path.join(dist, "naftiko.cjs"), linked);
  launchers["the file itself"] = [path.join(dist, "naftiko.cjs")];
  launchers["a link, as npm makes it"] = [linked];
  launchers["node -- FILE"] = [process.execPath, "--", path.join(dist, "naftiko.cjs")];

  const shim = path.join(bin, "shim", "naftiko");
  const make = 'require("cmd-shim")(process.argv[1], process.argv[2])';
  spawnSync(process.execPath, ["-e", make, path.join(dist, "naftiko.cjs"), shim], { cwd: root });
  launchers["a shim, as npm makes it on Windows"] = [shim];

  const fitted = await copyOfDist("fitted");
  const noDashS = path.join(bin, "env-without-s");
  await writeEnv("../bin/env-without-s", "#!/bin/sh\nexit 1\n", 0o755);
  expect(fitLauncher(fitted, noDashS)).toBe(true);
  launchers["a file that is fitted to an env without -S"] = [fitted];
  const fittedLink = path.join(bin, "of users", "fitted");
  await symlink(fitted, fittedLink);
  launchers["a link to one that is fitted"] = [fittedLink];
  if (hasBusybox) launchers["the shell of BusyBox"] = ["busybox", "sh", fittedLink];
});

async function writeEnv(name: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(path.join(folder, "work", name), text, { mode });
}

/** Makes a folder with a launcher of its own, and links to the rest. */
async function copyOfDist(name: string): Promise<string> {
  const copy = path.join(folder, name, "dist");
  await mkdir(copy, { recursive: true });
  for (const entry of await readdir(dist)) {
    if (entry !== "naftiko.cjs") await symlink(path.join(dist, entry), path.join(copy, entry));
  }
  await copyFile(path.join(dist, "naftiko.cjs"), path.join(copy, "naftiko.cjs"));
  return path.join(copy, "naftiko.cjs");
}

interface Started {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ran: boolean;
}

function start([program, ...first]: readonly [string, ...string[]], args: readonly string[]): Promise<Started> {
  const cwd = path.join(folder, "work");
  const env = { PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter) };
  const child = spawn(program, [...first, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", code => resolve({ code, stdout, stderr, ran: existsSync(path.join(cwd, "ran")) }));
  });
}

const CALL = ["run", "shop.yaml", "ask", "--dry-run", "--show-secrets", "--quiet"];
const WAYS = [
  "the file itself",
  "a link, as npm makes it",
  "a shim, as npm makes it on Windows",
  "node -- FILE",
  "a file that is fitted to an env without -S",
  "a link to one that is fitted",
  ...(hasBusybox ? ["the shell of BusyBox"] : []),
];

// A script has no first line there.
describe.skipIf(isWindows).each(WAYS)("the command, started by %s", way => {
  const run = (args: readonly string[]) => start(launchers[way] ?? ["missing"], args);

  it.each([
    {
      args: ["--env-file", "evil.env"],
      code: 0,
      stdout: "authorization: Bearer from-the-file\n",
      stderr: "",
    },
    { args: ["--env-file=evil.env"], code: 0, stdout: "authorization: Bearer from-the-file\n", stderr: "" },
    {
      args: ["--env-file", "none.env"],
      code: 2,
      stdout: "",
      stderr: "none.env: there is no such file or folder (ENOENT)",
    },
    {
      args: ["--env-file-if-exists=evil.env"],
      code: 2,
      stdout: "",
      stderr: 'no input "env-file-if-exists"',
    },
  ])("gets $args untouched", async ({ args, code, stdout, stderr }) => {
    const found = await run([...CALL, ...args]);
    expect({ ...found }).toEqual({
      code,
      ran: false,
      stdout: expect.stringContaining(stdout) as string,
      stderr: expect.stringContaining(stderr) as string,
    });
  });

  it("gets what a shell would take apart", async () => {
    const { code, stderr } = await run(["run", "a b'\"$(id)*", "--", "-x"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`a b'\\"$(id)*`) as string });
  });
});

describe("the shims of npm on Windows", () => {
  it.each([
    { of: "naftiko.cmd", line: /"%_prog%" -- "%dp0%\\[^"]*\\dist\\naftiko\.cjs" %\*/ },
    { of: "naftiko.cmd", line: /SET "_prog=node"/ },
    { of: "naftiko.ps1", line: /& "node\$exe" -- "\$basedir\/[^"]*\/dist\/naftiko\.cjs" \$args/ },
  ])("end what Node reads, in $of", async ({ of, line }) => {
    expect(await readFile(path.join(folder, "bin/shim", of), "utf8")).toMatch(line);
  });
});

describe("an installation of which", () => {
  it.each([
    {
      what: "the bundle is missing",
      part: "command.cjs",
      code: 8,
      says: /"[^"]*command\.cjs": .*\(ENOENT\)/,
    },
    { what: "the bundle is a folder", part: "command.cjs", as: "folder", code: 8, says: /\(EISDIR\)/ },
    { what: "the bundle is half", part: "command.cjs", as: "(function () {", code: 1, says: /is damaged/ },
    { what: "the bundle is empty", part: "command.cjs", as: "", code: 1, says: /is damaged/ },
    { what: "a later part is missing", part: "command-rest.cjs", code: 1, says: /command-rest\.cjs/ },
    {
      what: "a later part is half",
      part: "command-rest.cjs",
      as: "(",
      code: 1,
      says: /load a part of naftiko/,
    },
    { what: "the quick bundle is missing", args: ["list"], part: "quick.cjs", code: 8, says: /quick\.cjs": .*ENOENT/ },
    { what: "the quick bundle is half", args: ["list"], part: "quick.cjs", as: "(", code: 1, says: /is damaged/ },
  ])("$what says so in one line", async ({ what, args = ["--help"], part, as, code, says }) => {
    const file = await copyOfDist(what);
    const broken = path.join(path.dirname(file), part);
    await rm(broken);
    if (as === "folder") await mkdir(broken);
    else if (as !== undefined) await writeFile(broken, as);
    const found = await start([process.execPath, file], args);
    expect(found).toEqual({ code, stdout: "", ran: false, stderr: expect.stringMatching(says) as string });
    expect(found.stderr).toMatch(/^error: [^\n]+\n$/);
  });
});

describe("fitLauncher()", () => {
  it("leaves the packed first line where env knows -S", async () => {
    const file = await copyOfDist("usual");
    expect(spawnSync("env", ["-S", "true"]).status === 0 && fitLauncher(file)).toBe(false);
    expect(await readFile(file, "utf8")).toMatch(new RegExp(`^${PACKED.replace(/[/]/g, "\\$&")}`));
  });

  it.each([
    { what: "where there is no env", env: "/nonexistent/env" },
    { what: "where it has been changed before", env: "twice" },
  ])("changes nothing $what", async ({ what, env }) => {
    const file = await copyOfDist(`twice-${env === "twice"}`);
    const without = path.join(folder, "bin/env-without-s");
    if (env === "twice") fitLauncher(file, without);
    const before = await readFile(file, "utf8");
    expect(fitLauncher(file, env === "twice" ? without : env), what).toBe(false);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  // BusyBox is what it is for: where a machine has none, a stand-in without -S is what the other tests use.
  it.skipIf(!hasBusybox)("changes it for the env of BusyBox", async () => {
    const file = await copyOfDist("busybox");
    const env = path.join(folder, "bin/env");
    const where = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
    await symlink(where, env);
    expect(fitLauncher(file, env)).toBe(true);
    const { code, ran } = await start(["busybox", "sh", file], [...CALL, "--env-file", "evil.env"]);
    expect({ code, ran }).toEqual({ code: 0, ran: false });
  });
});
