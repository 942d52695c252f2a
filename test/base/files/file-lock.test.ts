import { readdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { withFileLock } from "../../../src/base/files/file-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("withFileLock()", () => {
  it.each([
    { of: "the file", name: "a" },
    { of: "a link to the file", name: "link" },
  ])("lets one after the other have a file, by the name of $of", async ({ name }) => {
    const folder = await temporaryFolder({ a: "" });
    await symlink("a", path.join(folder, "link"));
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        withFileLock(path.join(folder, index % 2 === 0 ? "a" : name), async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          order.push(index);
          inside--;
        }),
      ),
    );
    expect({ most, count: order.length }).toEqual({ most: 1, count: 20 });
    expect((await readdir(folder)).sort()).toEqual(["a", "link"]);
  });

  it("takes over the lock file that a dead process has left", async () => {
    const folder = await temporaryFolder({ a: "", ".a.lock": "" });
    expect(await withFileLock(path.join(folder, "a"), async () => 7)).toBe(7);
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it.each([
    { of: "before it begins", abortAt: "before" },
    { of: "while it waits", abortAt: "meanwhile" },
  ])("gives up the wait for a signal that is aborted $of, and lets those behind have the lock", async ({ abortAt }) => {
    const file = path.join(await temporaryFolder({}), "a");
    const aborting = new AbortController();
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const first = withFileLock(file, () => held);
    if (abortAt === "before") aborting.abort(new Error("enough"));
    const second = withFileLock(file, async () => "never", { signal: aborting.signal });
    const third = withFileLock(file, async () => "third");
    if (abortAt === "meanwhile") setImmediate(() => aborting.abort(new Error("enough")));
    await expect(second).rejects.toThrow("enough");
    release();
    await first;
    expect(await third).toBe("third");
  });

  it("says that another has the lock for too long", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "a");
    await withFileLock(file, async () => {
      const other = withFileLock(file, async () => {}, { longestWaitMs: 20 });
      await expect(other).rejects.toThrow(/^Cannot lock .*a: another process has had it locked for 0\.02 s$/);
    });
  });

  it.each([
    { of: "a file in no folder", file: "none/a", reason: "ENOENT" },
    { of: "a file whose lock file is a folder", file: "b", reason: "EISDIR" },
    { of: "a file whose lock file is a link", file: "c", reason: "ELOOP" },
  ])("tells why it cannot lock $of", async ({ file, reason }) => {
    const folder = await temporaryFolder({ ".b.lock/x": "", victim: "" });
    await symlink("victim", path.join(folder, ".c.lock"));
    const locked = withFileLock(path.join(folder, file), async () => {});
    await expect(locked).rejects.toThrow(new RegExp(`^Cannot lock .*: ${reason}`));
  });

  it("does not remove a lock file that is not its own any longer", async () => {
    const folder = await temporaryFolder({});
    const lockFile = path.join(folder, ".a.lock");
    await withFileLock(path.join(folder, "a"), async () => {
      await rm(lockFile);
      await writeFile(lockFile, "");
    });
    expect(await readdir(folder)).toEqual([".a.lock"]);
  });
});
