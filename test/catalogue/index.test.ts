import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../src/catalogue/catalogue.ts";
import { Segment } from "../../src/catalogue/segment.ts";
import { capabilityText, required } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const isRoot = process.geteuid?.() === 0;

function shop(label: string, operations: readonly string[] = ["search"]): string {
  return capabilityText({
    namespace: "shop",
    info: { label, description: "Sells books", tags: ["Retail"] },
    binds: { SHOP_KEY: "SHOP_KEY" },
    operations: operations.map(name => ({
      name,
      method: "GET",
      path: `/${name}`,
      description: `Does ${name}`,
      inputParameters: [required("q", "query")],
    })),
  });
}

interface World {
  readonly folder: string;
  readonly store: string;
  read(): Promise<Record<string, unknown>>;
}

/** Makes a folder of files with an index beside it. Reading gives the labels, or problems, by name. */
async function world(files: Readonly<Record<string, string>>, isDeep = true): Promise<World> {
  const root = await temporaryFolder(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`files/${name}`, text])),
  );
  const folder = path.join(root, "files");
  const store = path.join(root, "cache", "naftiko", "catalogue");
  await mkdir(folder, { recursive: true });
  const folders = isDeep ? { roots: [], deep: [folder], dirs: [] } : { roots: [], deep: [], dirs: [folder] };
  return {
    folder,
    store,
    async read() {
      const { files: found } = await readCatalogue({ folders, importRoots: [], store });
      return Object.fromEntries(
        found.map(({ name, label, problem, operations }) => [
          name,
          problem === undefined ? `${label}: ${operations.map(({ reference }) => reference).join(", ")}` : "invalid",
        ]),
      );
    },
  };
}

/** Waits until the clock of the file system has gone on, so that stamps count. */
function settle(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 70));
}

async function indexFiles({ store }: World): Promise<readonly string[]> {
  return readdirSync(store).sort();
}

describe("the index", () => {
  it("is used for files that have not changed", async () => {
    const made = await world({ "a.yaml": shop("A"), "sub/b.yaml": shop("B") });
    await settle();
    const first = await made.read();
    expect(first).toEqual({ a: "A: search", b: "B: search" });
    const [name = ""] = await indexFiles(made);
    const before = await stat(path.join(made.store, name));
    expect(await made.read()).toEqual(first);
    expect((await stat(path.join(made.store, name))).ino).toBe(before.ino);
  });

  it.each<{ what: string; change: (folder: string) => Promise<unknown>; expected: Record<string, string> }>([
    {
      what: "a file is changed",
      change: folder => writeFile(path.join(folder, "a.yaml"), shop("A2", ["search", "find"])),
      expected: { a: "A2: search, find", b: "B: search" },
    },
    {
      what: "a file is new",
      change: folder => writeFile(path.join(folder, "c.yml"), shop("C")),
      expected: { a: "A: search", b: "B: search", c: "C: search" },
    },
    {
      what: "a file is gone",
      change: folder => rm(path.join(folder, "a.yaml")),
      expected: { b: "B: search" },
    },
    {
      what: "a file has another name",
      change: folder => rename(path.join(folder, "a.yaml"), path.join(folder, "z.yaml")),
      expected: { b: "B: search", z: "A: search" },
    },
    {
      what: "a file takes the place of another",
      change: folder => rename(path.join(folder, "a.yaml"), path.join(folder, "sub/b.yaml")),
      expected: { b: "A: search" },
    },
    {
      what: "a folder is new",
      change: async folder => {
        await mkdir(path.join(folder, "sub/deeper"));
        await writeFile(path.join(folder, "sub/deeper/d.yaml"), shop("D"));
      },
      expected: { a: "A: search", b: "B: search", d: "D: search" },
    },
    {
      what: "a second file has the name",
      change: async folder => {
        await mkdir(path.join(folder, "other"));
        await writeFile(path.join(folder, "other/b.yaml"), shop("B2"));
      },
      expected: { a: "A: search", "sub/b": "B: search", "other/b": "B2: search" },
    },
    {
      what: "a file no longer opens",
      change: folder => writeFile(path.join(folder, "a.yaml"), "naftiko: ["),
      expected: { a: "invalid", b: "B: search" },
    },
    {
      what: "a file is no capability any more",
      change: folder => writeFile(path.join(folder, "a.yaml"), "openapi: 3.1.0\n"),
      expected: { b: "B: search" },
    },
    {
      what: "a file has other content of the same size and time",
      change: async folder => {
        const file = path.join(folder, "a.yaml");
        const { atime, mtime } = await stat(file);
        await writeFile(file, shop("Z"));
        await utimes(file, atime, mtime);
      },
      expected: { a: "Z: search", b: "B: search" },
    },
  ])("is followed where $what, once and again", async ({ change, expected }) => {
    const made = await world({ "a.yaml": shop("A"), "sub/b.yaml": shop("B") });
    await settle();
    await made.read();
    await change(made.folder);
    expect(await made.read()).toEqual(expected);
    await settle();
    expect(await made.read()).toEqual(expected);
    expect(await made.read()).toEqual(expected);
  });

  it("sees content that is written at the time at which the file was read", async () => {
    const made = await world({ "a.yaml": shop("0") });
    for (let round = 1; round <= 20; round++) {
      await writeFile(path.join(made.folder, "a.yaml"), shop(String(round % 10)));
      expect(await made.read()).toEqual({ a: `${round % 10}: search` });
    }
  });

  it("sees that a file is changed, is there and is gone that another one imports", async () => {
    const importing = `naftiko: "1.0.0-alpha3"
info: { label: Imports }
capability:
  consumes:
    - import: shop
      location: ./shared/shop.yaml
`;
    const made = await world({ "one.yaml": importing }, false);
    const shared = path.join(made.folder, "shared/shop.yaml");
    await settle();
    expect(await made.read()).toEqual({ one: "invalid" });
    await mkdir(path.dirname(shared));
    await writeFile(shared, shop("S"));
    expect(await made.read()).toEqual({ one: "Imports: search" });
    await settle();
    await made.read();
    await writeFile(shared, shop("S", ["search", "more"]));
    expect(await made.read()).toEqual({ one: "Imports: search, more" });
    await rm(shared);
    expect(await made.read()).toEqual({ one: "invalid" });
  });

  it("keeps many changes, and few", async () => {
    const names = Array.from({ length: 130 }, (_, number) => `f${String(number).padStart(3, "0")}`);
    const made = await world(Object.fromEntries(names.map(name => [`${name}.yaml`, shop(name)])));
    await settle();
    await made.read();
    for (const count of [1, 3, 120]) {
      for (const name of names.slice(0, count)) {
        await writeFile(path.join(made.folder, `${name}.yaml`), shop(`${name}-${count}`));
      }
      await rm(path.join(made.folder, `${names.pop()}.yaml`));
      await settle();
      const expected = Object.fromEntries(
        names.map((name, place) => {
          const last = place < count ? `-${count}` : "";
          return [name, `${name}${last}: search`];
        }),
      );
      expect(await made.read()).toEqual(expected);
      expect(await made.read()).toEqual(expected);
    }
  });
});

describe("an index that is damaged", () => {
  it("is not one when cut short at any length, and is made anew", async () => {
    const made = await world({ "a.yaml": shop("A") });
    await settle();
    const expected = await made.read();
    const [name = ""] = await indexFiles(made);
    const file = path.join(made.store, name);
    const whole = readFileSync(file);
    const key = JSON.stringify([[], [made.folder], [], []]);
    expect(Segment.open(file, key)).toBeDefined();
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length), { mode: 0o600 });
      expect(Segment.open(file, key)).toBeUndefined();
      if (length % 100 === 0) expect(await made.read()).toEqual(expected);
    }
  });

  it("is made anew when a byte of its heads is another", async () => {
    const made = await world({ "a.yaml": shop("A") });
    await settle();
    const expected = await made.read();
    const [name = ""] = await indexFiles(made);
    const file = path.join(made.store, name);
    const whole = readFileSync(file);
    const heads = whole.indexOf('[{"name":"search"');
    for (let place = 0; place < heads; place += 7) {
      const changed = Buffer.from(whole);
      changed[place] = (changed[place] ?? 0) ^ 0x01;
      await writeFile(file, changed, { mode: 0o600 });
      expect(await made.read()).toEqual(expected);
    }
  });

  it.each([
    { what: "empty", content: "" },
    { what: "of others", content: "a".repeat(1_000) },
    { what: "zeros", content: "\0".repeat(100_000) },
  ])("is made anew when it is $what", async ({ content }) => {
    const made = await world({ "a.yaml": shop("A") });
    const expected = await made.read();
    for (const name of await indexFiles(made)) await writeFile(path.join(made.store, name), content);
    expect(await made.read()).toEqual(expected);
  });
});

describe("a cache folder", () => {
  const isWindows = process.platform === "win32";
  it.each<{ what: string; skip?: boolean; prepare: (made: World) => Promise<unknown> | unknown; isKept?: true }>([
    {
      what: "that is a file",
      prepare: async ({ store }) => {
        await mkdir(path.dirname(store), { recursive: true });
        await writeFile(store, "x");
      },
    },
    {
      what: "that is below a file",
      prepare: ({ store }) => writeFile(path.resolve(store, "../.."), "x"),
    },
    {
      what: "that is read-only",
      skip: isRoot || isWindows,
      prepare: async ({ store }) => {
        await mkdir(store, { recursive: true });
        chmodSync(store, 0o500);
      },
    },
    {
      what: "that others may write to",
      skip: isWindows,
      prepare: async ({ store }) => {
        await mkdir(store, { recursive: true });
        chmodSync(store, 0o777);
      },
    },
    {
      what: "of another user",
      skip: !isRoot,
      prepare: async ({ store }) => {
        await mkdir(store, { recursive: true });
        chownSync(store, 12345, 12345);
      },
    },
    {
      what: "that is a link",
      prepare: async ({ store, folder }) => {
        await mkdir(path.dirname(store), { recursive: true });
        symlinkSync(folder, store);
      },
    },
    {
      what: "in a home that is not there",
      prepare: ({ store }) => rm(path.resolve(store, "../../.."), { recursive: true }),
    },
  ])("$what keeps nothing", async ({ skip = false, prepare, what }) => {
    if (skip) return;
    const made = await world({ "a.yaml": shop("A") });
    await prepare(made);
    const expected = what.includes("home") ? {} : { a: "A: search" };
    expect(await made.read()).toEqual(expected);
    expect(await made.read()).toEqual(expected);
    const names = await Promise.resolve(made)
      .then(indexFiles)
      .catch(() => []);
    expect(names.filter(name => name.includes("first") || name.endsWith(".tmp"))).toEqual([]);
  });

  it.skipIf(!canMount())("that is full keeps nothing", async () => {
    const operations = Array.from({ length: 50 }, (_, number) => `o${number}`);
    const made = await world({ "a.yaml": shop("A", operations) });
    await mkdir(made.store, { recursive: true, mode: 0o700 });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", made.store]);
    try {
      for (let round = 0; round < 2; round++) expect(await made.read()).toEqual({ a: `A: ${operations.join(", ")}` });
      expect(await indexFiles(made)).toEqual([]);
    } finally {
      execFileSync("umount", [made.store]);
    }
  });

  it.skipIf(!isRoot)("with an index of another user does not use it", async () => {
    const made = await world({ "a.yaml": shop("A") });
    await settle();
    await made.read();
    const [name = ""] = await indexFiles(made);
    const file = path.join(made.store, name);
    await writeFile(file, readFileSync(file).toString("latin1").replaceAll("A", "B"), "latin1");
    chownSync(file, 12345, 12345);
    expect(await made.read()).toEqual({ a: "A: search" });
  });
});

/** Tells whether this user may mount a file system, which takes root and a system that lets it. */
function canMount(): boolean {
  if (!isRoot || process.platform !== "linux") return false;
  try {
    const unshared = ["--mount", "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", "/tmp"];
    execFileSync("unshare", unshared, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("a folder", () => {
  it("with a pipe, a link to itself, a broken link and folders with names of files is read", async () => {
    const made = await world({ "a.yaml": shop("A"), "folder.yaml/b.yaml": shop("B") });
    execFileSync("mkfifo", [path.join(made.folder, "pipe.yaml")]);
    symlinkSync(made.folder, path.join(made.folder, "again"));
    symlinkSync("self.yaml", path.join(made.folder, "self.yaml"));
    symlinkSync("nothing.yaml", path.join(made.folder, "broken.yaml"));
    const expected = { a: "A: search", b: "B: search", broken: "invalid", pipe: "invalid", self: "invalid" };
    await settle();
    for (let round = 0; round < 3; round++) expect(await made.read()).toEqual(expected);
    await writeFile(path.join(made.folder, "nothing.yaml"), shop("N"));
    expect(await made.read()).toEqual({ ...expected, broken: "N: search", nothing: "N: search" });
  });

  it("that is not there, comes and goes", async () => {
    const made = await world({});
    await rm(made.folder, { recursive: true });
    expect(await made.read()).toEqual({});
    await mkdir(made.folder);
    await writeFile(path.join(made.folder, "a.yaml"), shop("A"));
    expect(await made.read()).toEqual({ a: "A: search" });
    await rm(made.folder, { recursive: true });
    expect(await made.read()).toEqual({});
  });
});
