import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder } from "../../../src/base/files/make-folder.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "naftiko-"));
  mkdirSync(path.join(folder, "there"), { mode: 0o755 });
  writeFileSync(path.join(folder, "file"), "");
  symlinkSync("there", path.join(folder, "link"));
  symlinkSync("nowhere/below", path.join(folder, "dangling"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("makeFolder()", () => {
  it("makes a folder and those above it, for the owner alone", () => {
    makeFolder(path.join(folder, "a/b/c"));
    for (const made of ["a", "a/b", "a/b/c"]) {
      expect(statSync(path.join(folder, made)).mode & 0o777).toBe(0o700);
    }
  });

  it.each(["there", "link", "."])("leaves %s as it is", name => {
    const before = lstatSync(path.join(folder, name)).mode;
    makeFolder(path.join(folder, name));
    expect(lstatSync(path.join(folder, name)).mode).toBe(before);
  });

  it.each([
    ["file", "EEXIST"],
    ["file/a", "ENOTDIR"],
    ["file/a/b", "ENOTDIR"],
    ["dangling", "EEXIST"],
    ["dangling/a", "EEXIST"],
  ])("fails for %s with %s", (name, code) => {
    expect(() => makeFolder(path.join(folder, name))).toThrow(expect.objectContaining({ code }));
  });

  // Node's own search for a folder that can be made never ends there.
  it.skipIf(!existsSync("/proc/self")).each(["/proc/.a", "/proc/.a/b", "/proc/self/a/b"])(
    "fails for %s, which the system denies",
    name => {
      expect(() => makeFolder(name)).toThrow(expect.objectContaining({ code: "ENOENT" }));
    },
  );
});
