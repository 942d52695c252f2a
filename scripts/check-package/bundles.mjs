import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { check, run } from "./run.mjs";

// The library as a part of a program's own bundle, in either form of modules, away from all packages.

const FORMATS = [
  { format: "esm", file: "program.mjs" },
  { format: "cjs", file: "program.cjs" },
  { format: "esm", file: "minified.mjs", minify: true },
  { format: "cjs", file: "minified.cjs", minify: true },
];

/**
 * Bundles the program and runs the bundles.
 *
 * @param {string} cwd a folder with the package installed
 * @param {string} alone a folder to make, with no package in it or above it
 */
export async function checkBundles(cwd, alone) {
  await mkdir(alone);
  await copyFile(path.join(import.meta.dirname, "program.mjs"), path.join(cwd, "program.mjs"));
  for (const { file, ...options } of FORMATS) {
    const outfile = path.join(alone, file);
    const { warnings } = await build({
      absWorkingDir: cwd,
      entryPoints: ["program.mjs"],
      outfile,
      bundle: true,
      platform: "node",
      logLevel: "silent",
      ...options,
    });
    check(warnings.length === 0, `bundling as ${file} warns: ${JSON.stringify(warnings)}`);
    await run(alone, process.execPath, [outfile]);
  }
  await rm(alone, { recursive: true });
}
