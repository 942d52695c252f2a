import { execFile } from "node:child_process";
import { cp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

// The code cache that the first calls of an installation make, all at once.

const run = promisify(execFile);
const DIST = path.resolve(import.meta.dirname, "../../../dist");
const CACHE = `command.${process.version}.${process.arch}.cache`;

it.each([
  { of: "no cache", before: {} },
  { of: "half of a cache", before: { [CACHE]: "half" } },
  { of: "what a killed process has left", before: { [`${CACHE}.0123456789ab`]: "half" } },
])("makes one whole cache, by many at once, where there is $of", async ({ before }) => {
  const folder = await temporaryFolder(before as Record<string, string>);
  for (const name of await readdir(DIST))
    if (name.endsWith(".cjs")) await cp(path.join(DIST, name), path.join(folder, name));
  const yesterday = Date.now() / 1000 - 24 * 60 * 60;
  for (const name of Object.keys(before)) await utimes(path.join(folder, name), yesterday, yesterday);
  const recent = `${CACHE}.ba9876543210`;
  await writeFile(path.join(folder, recent), "");
  const command = path.join(folder, "naftiko.cjs");
  const version = async () => (await run(process.execPath, [command, "--version"])).stdout;
  const printed = await Promise.all([version(), version(), version(), version()]);
  expect(new Set(printed).size).toBe(1);
  const caches = (await readdir(folder)).filter(name => name.includes(".cache"));
  // That of a process which may still write it stays.
  expect(caches.sort()).toEqual([CACHE, recent]);
  const { length } = await readFile(path.join(folder, CACHE));
  expect(length).toBeGreaterThan(100_000);
});
