import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openWholeFile, writeWholeFile } from "../../../src/base/files/whole-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("writeWholeFile()", () => {
  it.each([
    { of: "a new file with a mode", before: undefined, mode: 0o600, expected: 0o600 },
    { of: "a file that others could read, with a mode", before: 0o644, mode: 0o600, expected: 0o600 },
    { of: "a private file", before: 0o600, mode: undefined, expected: 0o600 },
    { of: "a script", before: 0o755, mode: undefined, expected: 0o755 },
  ])("gives $of the mode $expected", async ({ before, mode, expected }) => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "a.txt");
    if (before !== undefined) {
      await writeFile(file, "old");
      await chmod(file, before);
    }
    expect(await writeWholeFile(file, "né", mode === undefined ? {} : { mode })).toBe(3);
    expect(await readFile(file, "utf8")).toBe("né");
    expect((await stat(file)).mode & 0o777).toBe(expected);
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  it.each([
    { of: "a link to a file", target: "real/a.txt", present: true },
    { of: "a link to a file that is not there yet", target: "real/a.txt", present: false },
    { of: "a link to a link", target: "second", present: true },
  ])("writes what $of leads to", async ({ target, present }) => {
    const folder = await temporaryFolder(present ? { "real/a.txt": "old" } : { "real/b.txt": "" });
    await symlink(path.join("real", "a.txt"), path.join(folder, "second"));
    await symlink(target, path.join(folder, "link"));
    await writeWholeFile(path.join(folder, "link"), "new");
    expect(await readFile(path.join(folder, "real", "a.txt"), "utf8")).toBe("new");
    expect((await lstat(path.join(folder, "link"))).isSymbolicLink()).toBe(true);
  });

  it.each([
    {
      of: "a folder",
      file: "folder",
      reason: "it is a folder",
    },
    { of: "a file in no folder", file: "none/a.txt", reason: "there is no folder" },
    { of: "a file that its owner protects", file: "protected.txt", reason: "it is read-only" },
    { of: "a link that leads to itself", file: "loop", reason: "ELOOP" },
    { of: "a device without room", file: "/dev/full", reason: "ENOSPC: no space left on device" },
  ])("refuses $of", async ({ file, reason }) => {
    const folder = await temporaryFolder({ "protected.txt": "old" });
    await mkdir(path.join(folder, "folder"));
    await symlink("loop", path.join(folder, "loop"));
    await chmod(path.join(folder, "protected.txt"), 0o444);
    await expect(writeWholeFile(path.resolve(folder, file), "new")).rejects.toThrow(reason);
    expect(await readdir(folder)).toEqual(["folder", "loop", "protected.txt"]);
    expect(await readFile(path.join(folder, "protected.txt"), "utf8")).toBe("old");
  });
});

describe("openWholeFile()", () => {
  it("shows nothing of a file before it is complete, and keeps it private", async () => {
    const folder = await temporaryFolder({ "a.txt": "old" });
    const file = path.join(folder, "a.txt");
    const whole = await openWholeFile(file);
    await whole.write("ne");
    const [temporary = "none"] = (await readdir(folder)).filter(name => name.endsWith(".tmp"));
    expect((await stat(path.join(folder, temporary))).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toBe("old");
    await whole.write(Buffer.from("w"));
    expect(await whole.finish()).toBe(3);
    await whole.discard();
    expect(await readFile(file, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  it("leaves nothing of a file that is discarded", async () => {
    const folder = await temporaryFolder({ "a.txt": "old" });
    const whole = await openWholeFile(path.join(folder, "a.txt"));
    await whole.write("new");
    await whole.discard();
    expect(await readFile(path.join(folder, "a.txt"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  const dead = 2 ** 30;
  it.each([
    { of: "a process that is gone", pid: dead, isOld: true, isLocked: false, stays: false },
    {
      of: "a process that may run in another container",
      pid: dead,
      isOld: false,
      isLocked: false,
      stays: true,
    },
    { of: "a process that runs", pid: process.pid, isOld: true, isLocked: false, stays: true },
    { of: "anybody, where it has the lock", pid: process.pid, isOld: false, isLocked: true, stays: false },
  ])("removes what $of has left: $stays", async ({ pid, isOld, isLocked, stays }) => {
    const name = `.a.txt.${pid}.0123456789ab.tmp`;
    const others = [".a.txt.lock", ".b.txt.1.0123456789ab.tmp", "a.txt.tmp"];
    const folder = await temporaryFolder(Object.fromEntries([name, ...others].map(file => [file, ""])));
    const yesterday = Date.now() / 1000 - 24 * 60 * 60;
    if (isOld) await utimes(path.join(folder, name), yesterday, yesterday);
    await writeWholeFile(path.join(folder, "a.txt"), "new", { isLocked });
    expect((await readdir(folder)).sort()).toEqual([...others, "a.txt", ...(stays ? [name] : [])].sort());
  });
});
