import { execFileSync } from "node:child_process";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { RemediedError } from "../../../src/base/remedy.ts";
import { ServedFolder } from "../../../src/serving/folder/served-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = await temporaryFolder({
  "docs/guide.md": "# Guide\n",
  "docs/a/b/deep.json": "{}",
  "docs/a.txt": "é",
  "docs/with space.md": "no",
  "docs/.hidden": "yes",
  "docs/empty.png": "",
  "docs/UPPER.MD": "up",
  "secret.txt": "do not read",
  "other/x.md": "elsewhere",
});
const elsewhere = await temporaryFolder({ "docs/x.md": "x" });
const docs = path.join(folder, "docs");
await symlink("guide.md", path.join(docs, "inside.md"));
await symlink("../secret.txt", path.join(docs, "outside.txt"));
await symlink("../other", path.join(docs, "outside"));
await symlink("a", path.join(docs, "alias"));
await symlink("..", path.join(docs, "a", "up"));
await symlink("nowhere", path.join(docs, "broken.md"));
await symlink("circle.md", path.join(docs, "circle.md"));
execFileSync("mkfifo", [path.join(docs, "pipe.md")]);

const places = { cwd: folder, roots: [] };
const served = new ServedFolder(pathToFileURL(docs).href, undefined, places);
const folderUrl = (...names: string[]) => pathToFileURL(path.join(folder, ...names)).href;

describe("list()", () => {
  test("lists regular files that can be read, sorted, through links that stay inside", async () => {
    const files = await served.list();
    expect(files.map(({ path: name, size, mediaType }) => [name, size, mediaType])).toEqual([
      [".hidden", 3, "application/octet-stream"],
      ["UPPER.MD", 2, "text/markdown"],
      ["a.txt", 2, "text/plain"],
      ["a/b/deep.json", 2, "application/json"],
      ["alias/b/deep.json", 2, "application/json"],
      ["empty.png", 0, "image/png"],
      ["guide.md", 8, "text/markdown"],
      ["inside.md", 8, "text/markdown"],
    ]);
    for (const file of files) expect((await served.read(file.path, 100)).file).toEqual(file);
  });

  test("refuses more files than are listed, which links may be too", async () => {
    const names = Array.from({ length: 101 }, (_, at) => String(at));
    const many = await temporaryFolder(Object.fromEntries(names.map(name => [`files/${name}`, ""])));
    for (const name of names) await symlink("files", path.join(many, name));
    const listed = new ServedFolder(pathToFileURL(many).href, undefined, { cwd: many, roots: [] });
    await expect(listed.list()).rejects.toMatchObject({ kind: "tooLarge" });
  });

  test("refuses a folder that is too deep", async () => {
    const many = await temporaryFolder({ [`${"d/".repeat(40)}x`]: "" });
    const listed = new ServedFolder(pathToFileURL(many).href, undefined, { cwd: many, roots: [] });
    await expect(listed.list()).rejects.toMatchObject({ kind: "tooLarge" });
  });
});

describe("read()", () => {
  test.each([
    ["guide.md", "# Guide\n"],
    ["a/b/deep.json", "{}"],
    ["inside.md", "# Guide\n"],
    ["alias/b/deep.json", "{}"],
    ["empty.png", ""],
    [".hidden", "yes"],
  ])("gives %s", async (name, content) => {
    expect((await served.read(name, 100)).bytes.toString()).toBe(content);
  });

  test.each([
    "",
    ".",
    "..",
    "../secret.txt",
    "a/../guide.md",
    "a/./b/deep.json",
    "/etc/passwd",
    "a//b/deep.json",
    "a/b/",
    "%2e%2e/secret.txt",
    "..%2fsecret.txt",
    "..\\secret.txt",
    "guide.md\0",
    "guide.md\n",
    "with space.md",
    "C:",
    "guide.md:stream",
    "~root",
    "é.md",
  ])("refuses %j as unsafe", async name => {
    await expect(served.read(name, 100)).rejects.toMatchObject({ kind: "unsafe" });
  });

  test.each([
    "none.md",
    "guide.md/x",
    "a",
    "a/b",
    "outside.txt",
    "outside/x.md",
    "a/up/guide.md/x",
    "broken.md",
    "circle.md",
    "pipe.md",
    "...",
    "x".repeat(256),
    `${"y/".repeat(2_000)}y`,
  ])("finds nothing at %s", async name => {
    await expect(served.read(name, 100)).rejects.toMatchObject({ kind: "absent" });
  });

  test("refuses a file that is longer than the reader takes", async () => {
    await expect(served.read("guide.md", 7)).rejects.toMatchObject({ kind: "tooLarge" });
  });

  test("says nothing of the machine", async () => {
    for (const name of ["none.md", "outside.txt", "../secret.txt", "pipe.md"]) {
      const error = await served.read(name, 100).catch((thrown: unknown) => thrown as Error);
      expect((error as Error).message).not.toContain(folder);
    }
  });

  test("reads nothing outside while a link goes back and forth", async () => {
    const target = path.join(docs, "swap");
    await mkdir(path.join(docs, "real"));
    await writeFile(path.join(docs, "real", "x.md"), "inside");
    await symlink("real", path.join(folder, "to-inside"));
    await symlink("../other", path.join(folder, "to-outside"));
    const put = async (link: string, to: string) => {
      await symlink(to, path.join(folder, link));
      await rename(path.join(folder, link), target);
    };
    let isDone = false;
    const swapping = (async () => {
      for (let at = 0; !isDone; at++) await put(`link-${at}`, at % 2 === 0 ? "real" : "../other");
    })();
    const seen = new Set<string>();
    for (let at = 0; at < 300; at++) {
      const read = await served.read("swap/x.md", 100).catch(() => undefined);
      if (read !== undefined) seen.add(read.bytes.toString());
    }
    isDone = true;
    await swapping;
    expect(seen).not.toContain("elsewhere");
  });
});

describe("the folder", () => {
  test.each<[string, string, string | undefined, readonly string[]]>([
    ["an absolute location below the working folder", folderUrl("docs"), undefined, []],
    ["a relative location", "file:///./docs", folder, []],
    ["a location without a host", "file://docs", folder, []],
    ["a folder beside the file", pathToFileURL(path.join(elsewhere, "docs")).href, elsewhere, []],
    ["a folder that is allowed", pathToFileURL(path.join(elsewhere, "docs")).href, undefined, [elsewhere]],
    ["a slash at its end", `${folderUrl("docs")}/`, undefined, []],
  ])("may be %s", async (_, location, directory, roots) => {
    const files = await new ServedFolder(location, directory, { cwd: folder, roots }).list();
    expect(files.length).toBeGreaterThan(0);
  });

  test.each([
    ["nothing", folderUrl("none")],
    ["a file", folderUrl("secret.txt")],
    ["no file: URL", "https://a.test/docs"],
    ["a bare path", docs],
    ["a place above", `${folderUrl("docs")}/../..`],
    ["an encoded place above", `${folderUrl("docs")}/%2e%2e/%2e%2e`],
    ["a folder elsewhere", pathToFileURL(elsewhere).href],
  ])("is absent where the location names %s", async (_, location) => {
    await expect(new ServedFolder(location, undefined, places).list()).rejects.toMatchObject({ kind: "absent" });
  });

  test("that is elsewhere tells the operator the option that allows it", async () => {
    const error = await new ServedFolder(pathToFileURL(elsewhere).href, undefined, places)
      .list()
      .catch((thrown: unknown) => thrown as Error);
    expect(RemediedError.remedyOf((error as Error).cause)).toEqual({ option: "folderRoots", value: [elsewhere] });
  });
});
