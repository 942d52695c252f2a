import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../../src/catalogue/catalogue.ts";
import { openSearch } from "../../../src/catalogue/search/catalogue-index.ts";
import { searchCatalogue } from "../../../src/catalogue/search/search-catalogue.ts";
import { capabilityText } from "../../support/capability-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function shop(...names: readonly string[]): string {
  return capabilityText({ operations: names.map(name => ({ name, method: "GET", path: `/${name}` })) });
}

async function folder(): Promise<string> {
  const cwd = await temporaryFolder({
    "files/books.yaml": shop("listBooks", "getBook"),
    "files/orders.yaml": shop("listOrders"),
    "files/plants.yaml": shop("listPlants"),
  });
  await mkdir(path.join(cwd, "cache/naftiko/catalogue"), { recursive: true, mode: 0o700 });
  return cwd;
}

/** Opens the search as a new process would. */
async function open(cwd: string) {
  const catalogue = await readCatalogue({
    folders: { roots: [], deep: [path.join(cwd, "files")], dirs: [] },
    importRoots: [],
    store: path.join(cwd, "cache/naftiko/catalogue"),
  });
  let built = 0;
  const searched = await openSearch(catalogue, () => {
    built++;
  });
  const find = (question: string) =>
    searchCatalogue(searched, question, { methods: [], tags: [] }, 10).map(({ operation }) => operation.name);
  return { find, built, kept: `${catalogue.place}.words` };
}

describe("openSearch()", () => {
  it("makes the index once", async () => {
    const cwd = await folder();
    const first = await open(cwd);
    const second = await open(cwd);
    expect([first.built, second.built]).toEqual([3, 0]);
    expect(second.find("books")).toEqual(first.find("books"));
    expect((await stat(second.kept)).mode & 0o077).toBe(0);
  });

  it.skipIf(!existsSync("/proc/self/fd"))("closes the index that it has read", async () => {
    const cwd = await folder();
    const { kept } = await open(cwd);
    await open(cwd);
    const opened = readdirSync("/proc/self/fd").map(descriptor => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`);
      } catch {
        return "";
      }
    });
    expect(opened).not.toContain(kept);
  });

  it("finds what is new, and not what is gone", async () => {
    const cwd = await folder();
    await open(cwd);
    await writeFile(path.join(cwd, "files/books.yaml"), shop("getBook", "burnbooksquickly"));
    await writeFile(path.join(cwd, "files/stones.yaml"), shop("listStones"));
    await rm(path.join(cwd, "files/plants.yaml"));
    const { built, find } = await open(cwd);
    expect(built).toBe(0);
    expect(find("burnbooksquickly")).toEqual(["burnbooksquickly"]);
    expect(find("list")).toEqual(["listOrders", "listStones"]);
    expect(find("plants")).toEqual([]);
    expect(find("get book")[0]).toBe("getBook");
  });

  it("makes the index anew when much has changed", async () => {
    const cwd = await folder();
    await open(cwd);
    for (let number = 0; number < 51; number++)
      await writeFile(path.join(cwd, `files/more-${number}.yaml`), shop(`listThing${number}`));
    expect((await open(cwd)).built).toBe(54);
    expect((await open(cwd)).built).toBe(0);
  });

  it("makes the index anew when it is cut short, at any length, or has another byte", async () => {
    const cwd = await folder();
    const { kept, find } = await open(cwd);
    const whole = await readFile(kept);
    const lengths = [
      ...Array(80).keys(),
      ...Array.from({ length: 20 }, (_, part) => Math.floor((part * whole.length) / 20)),
    ];
    const damaged = [
      ...[...lengths, whole.length - 1].map(length => whole.subarray(0, length)),
      ...[0, 4, 8, 30, 64, 200, whole.length - 1].map(place => {
        const bytes = Buffer.from(whole);
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        return bytes;
      }),
      Buffer.concat([whole, Buffer.from([0, 0, 0, 0])]),
    ];
    for (const bytes of damaged) {
      await writeFile(kept, bytes);
      const again = await open(cwd);
      expect(again.built).toBe(3);
      expect(again.find("orders")).toEqual(find("orders"));
    }
  });

  it.each([
    { what: "a folder", make: (kept: string) => mkdir(kept) },
    { what: "a file of others", make: (kept: string) => writeFile(kept, "", { mode: 0o666 }) },
  ])("searches where $what is in the place of the index", async ({ make }) => {
    const cwd = await folder();
    const { kept } = await open(cwd);
    await rm(kept);
    await make(kept);
    expect((await open(cwd)).find("orders")).toEqual(["listOrders"]);
  });
});
