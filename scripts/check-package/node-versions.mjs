import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { npm, run } from "./run.mjs";

// The installed package under each version of Node that it is for. Their packages on npm hold the programs.

const VERSIONS = ["20.19", "22", "24", "26"];
/** Tests that run the command as users do, few of each thing that depends on Node: sockets, files, threads, SQLite. */
const TESTS = ["answers", "cache", "formats", "uploads"];

/**
 * Runs the library's program and the command's tests.
 *
 * @param {string} root the clone, which has the tests
 * @param {string} cwd a folder with the package and `programs`
 * @param {readonly string[]} programs names of files
 * @param {string} folder a folder to make
 */
export async function checkNodeVersions(root, cwd, programs, folder) {
  await mkdir(folder);
  await writeFile(path.join(folder, "package.json"), '{ "private": true }');
  const platform = process.platform === "win32" ? "win" : process.platform;
  const binaries = VERSIONS.map(version => `node-${version}@npm:node-${platform}-${process.arch}@${version}`);
  await npm(folder, ["install", ...binaries]);
  const command = path.join(cwd, "node_modules", "naftiko", "dist", "naftiko.cjs");
  const tests = TESTS.map(name => path.join("test", "surfaces", "cli", `${name}.test.ts`));
  for (const version of VERSIONS) {
    const node = path.join(folder, "node_modules", `node-${version}`, "bin", "node");
    for (const program of programs) await run(cwd, node, [program]);
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    await run(root, node, [vitest, "run", ...tests], { NAFTIKO_COMMAND: command });
    console.log(`package: checked under Node ${(await run(cwd, node, ["--version"])).trim()}`);
  }
}
