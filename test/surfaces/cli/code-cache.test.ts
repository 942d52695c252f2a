import { execFile } from "node:child_process";
import { chmod, cp, lstat, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream } from "../../support/upstream.ts";

// The code cache that the first call of a user makes, in a folder of the user's own.

const run = promisify(execFile);
const COMMAND = path.resolve(import.meta.dirname, "../../../dist/naftiko.cjs");
const FOLDER = path.join("naftiko", "code");
const isWindows = process.platform === "win32";

interface Place {
  /** `XDG_CACHE_HOME`. */
  readonly home: string;
  readonly folder: string;
}

async function place(): Promise<Place> {
  const home = await temporaryFolder({});
  return { home, folder: path.join(home, FOLDER) };
}

async function version({ home }: Place, command: string = COMMAND): Promise<string> {
  return (await run(process.execPath, [command, "--version"], { env: { XDG_CACHE_HOME: home } })).stdout;
}

async function caches({ folder }: Place): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** Makes a cache, and returns its file. */
async function madeCache(at: Place): Promise<string> {
  await version(at);
  const [name = ""] = await caches(at);
  return path.join(at.folder, name);
}

describe("the code cache", () => {
  it.each([
    { of: "no cache", before: undefined },
    { of: "half of a cache", before: "half" },
  ])("is made whole, by many at once, where there is $of", async ({ before }) => {
    const at = await place();
    const file = await madeCache(at);
    await (before === undefined ? rm(file) : writeFile(file, before));
    const printed = await Promise.all([version(at), version(at), version(at), version(at)]);
    expect(new Set(printed).size).toBe(1);
    expect(await caches(at)).toEqual([path.basename(file)]);
    expect((await readFile(file)).length).toBeGreaterThan(100_000);
  });

  it("is used: a second call does not make it again", async () => {
    const at = await place();
    const { ino } = await lstat(await madeCache(at));
    await version(at);
    expect((await lstat(await madeCache(at))).ino).toBe(ino);
  });

  it("of calls that send is their own, made by the first that succeeds, and holds nothing of other calls", async () => {
    const upstream = await startUpstream((_request, response) => answerJson(response, 200, {}));
    const call = [COMMAND, "run", "clerk-backend-api-api-keys", "getApiKey", "--apiKeyID", "a", "--base-uri"];
    const send = async ({ home }: Place, url: string) =>
      run(process.execPath, [...call, url], { env: { XDG_CACHE_HOME: home, CLERK_SECRET_KEY: "sk_test_1234" } });
    const kinds = async (at: Place) => (await caches(at)).map(name => name.split(".").at(-2));
    const sizeOf = async (at: Place) => (await lstat(path.join(at.folder, (await caches(at)).at(-1) ?? ""))).size;
    const at = await place();
    await madeCache(at);
    await expect(send(at, "http://127.0.0.1:1")).rejects.toThrow();
    expect(await kinds(at)).toEqual(["other"]);
    await send(at, upstream.url);
    expect(await kinds(at)).toEqual(["other", "run"]);
    const alone = await place();
    await send(alone, upstream.url);
    expect(await kinds(alone)).toEqual(["run"]);
    expect((await sizeOf(at)) / (await sizeOf(alone))).toBeCloseTo(1, 1);
    await upstream.close();
  });

  it("takes away what killed processes and versions that are gone have left", async () => {
    const at = await place();
    await mkdir(at.folder, { recursive: true, mode: 0o700 });
    const days = (count: number) => Date.now() / 1000 - count * 24 * 60 * 60;
    const left = { "command.a.cache.0123456789ab": 1, "command.b.cache": 31, "command.c.cache": 1, other: 99 };
    for (const [name, age] of Object.entries(left)) {
      await writeFile(path.join(at.folder, name), "");
      await utimes(path.join(at.folder, name), days(age), days(age));
    }
    // That of a process which may still write it stays.
    await writeFile(path.join(at.folder, "command.d.cache.ba9876543210"), "");
    await version(at);
    const rest = (await caches(at)).filter(name => !name.includes(process.version));
    expect(rest).toEqual(["command.c.cache", "command.d.cache.ba9876543210", "other"]);
  });

  it("of another build is not read", async () => {
    const at = await place();
    const dist = await temporaryFolder({});
    await cp(path.dirname(COMMAND), dist, { recursive: true });
    const other = path.join(dist, "naftiko.cjs");
    const text = await readFile(other, "utf8");
    await writeFile(other, text.replace(/BUILD = "[0-9a-f]{16}"/, 'BUILD = "0000000000000000"'));
    await version(at);
    await version(at, other);
    expect(await caches(at)).toHaveLength(2);
  });
});

// Windows keeps its users apart by the folders they have.
describe.skipIf(isWindows)("a code cache that another user could have written", () => {
  it("is made anew where its group may write to it", async () => {
    const at = await place();
    const file = await madeCache(at);
    const { ino } = await lstat(file);
    await chmod(file, 0o620);
    await version(at);
    const now = await lstat(file);
    expect({ isNew: now.ino !== ino, mode: now.mode & 0o777 }).toEqual({ isNew: true, mode: 0o600 });
  });

  it.each([FOLDER, "naftiko"])("is neither read nor written where others may write to %s", async name => {
    const at = await place();
    await mkdir(at.folder, { recursive: true, mode: 0o700 });
    await chmod(path.join(at.home, name), 0o777);
    await version(at);
    expect(await caches(at)).toEqual([]);
  });

  it("is neither read nor written behind a link", async () => {
    const at = await place();
    const elsewhere = await temporaryFolder({});
    await mkdir(path.dirname(at.folder), { mode: 0o700 });
    await symlink(elsewhere, at.folder);
    await version(at);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it("is not waited for as a pipe", async () => {
    const at = await place();
    const file = await madeCache(at);
    await run("sh", ["-c", 'rm "$1" && mkfifo -m 600 "$1"', "sh", file]);
    await version(at);
    expect((await lstat(file)).isFile()).toBe(true);
  });
});

describe("the command starts without a code cache", () => {
  it.each([
    { XDG_CACHE_HOME: "/dev/null/none" },
    { XDG_CACHE_HOME: "relative", HOME: "relative" },
    { HOME: "/dev/null" },
    { HOME: path.join(import.meta.dirname, "no", "such", "home") },
  ])("with %j", async env => {
    const cwd = await temporaryFolder({});
    const { stdout } = await run(process.execPath, [COMMAND, "--version"], { env, cwd });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await readdir(cwd)).toEqual([]);
  });
});
