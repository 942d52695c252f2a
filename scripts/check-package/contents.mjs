import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { bundledPackages } from "../write-notices.mjs";
import { check, npm } from "./run.mjs";

// What the package holds.

/** Files that the package may hold. Any other is there by mistake. */
const ALLOWED = [
  /^(?:package\.json|Dockerfile|README\.md|LICENSE|(?:CHANGELOG|CONTRIBUTING|SECURITY)\.md|THIRD-PARTY-NOTICES)$/,
  /^dist\/[\w.-]+\.(?:js|cjs|js\.map)$/,
  /^dist\/chunks\/[\w.-]+\.(?:js|js\.map)$/,
  /^dist\/types\/[\w/.-]+\.d\.c?ts$/,
  /^capabilities\/[\w.-]+\.ya?ml$/,
  /^schema\/[\w.-]+\.json$/,
  /^scripts\/fit-launcher\.cjs$/,
  /^docs\/[\w.-]+\.md$/,
  /^examples\/[\w/.-]+$/,
  /^deploy\/[\w/.@-]+$/,
];
const REQUIRED = [
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "THIRD-PARTY-NOTICES",
  "dist/index.js",
  "dist/index.js.map",
  "dist/index.cjs",
  "dist/types/index.d.ts",
  "dist/types/index.d.cts",
  "dist/naftiko.cjs",
  "dist/command.cjs",
  "dist/command-rest.cjs",
  "dist/quick.cjs",
  "dist/catalogue-reader.cjs",
  "dist/catalogue-worker.cjs",
  "dist/decode-worker.cjs",
  "dist/decode-worker-text.js",
  "dist/script-worker.cjs",
  "dist/script-worker-text.js",
  "scripts/fit-launcher.cjs",
  "capabilities/clerk-backend-api-api-keys.yaml",
  "schema/naftiko.schema.json",
  "schema/config.schema.json",
];
/** Most that an installation without optional packages takes on disk. */
const MOST_KB = 25 * 1024;

/**
 * Packs the package.
 *
 * @returns {Promise<string>} the file
 */
export async function pack(root, folder) {
  // The scripts' own output would mix with the JSON: they run first, as npm would run them.
  await npm(root, ["run", "prepare", "--silent"]);
  const [packed] = JSON.parse(await npm(root, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]));
  const files = packed.files.map(file => file.path);
  for (const file of files) {
    check(
      ALLOWED.some(pattern => pattern.test(file)),
      `the package holds ${file}`,
    );
  }
  for (const file of REQUIRED) check(files.includes(file), `the package lacks ${file}`);
  // A launcher that was fitted to this machine would go to all.
  const launcher = await readFile(path.join(root, "dist", "naftiko.cjs"), "utf8");
  check(launcher.startsWith("#!/usr/bin/env -S node --\n"), "the launcher's first line is of this machine");
  const kilobytes = bytes => `${(bytes / 1024).toFixed(0)} kB`;
  console.log(
    `package: ${files.length} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  );
  return path.join(folder, packed.filename);
}

/** Checks the installed files: whether they tell of the machine that built them, or lead to files that are not there. */
export async function checkContents(root, installed) {
  const manifest = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8"));
  const notices = await readFile(path.join(installed, "THIRD-PARTY-NOTICES"), "utf8");
  const sources = new Set();
  for (const file of await filesBelow(installed)) {
    const text = await readFile(file, "utf8");
    const name = path.relative(installed, file);
    check(!text.includes(root), `${name} names the folder ${root}`);
    if (name.endsWith(".map")) for (const source of JSON.parse(text).sources) sources.add(source);
    if (name.endsWith(".md")) checkLinks(installed, name, text);
  }
  for (const folder of bundledPackages([...sources])) {
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    check(new RegExp(`^${name} \\d`, "m").test(notices), `THIRD-PARTY-NOTICES lacks ${name}`);
    check(manifest.dependencies[name] === undefined, `${name} is bundled, and a dependency too`);
  }
  for (const key of ["repository", "homepage", "bugs"])
    check(manifest[key] !== undefined, `package.json has no ${key}`);
}

/**
 * Checks that each link leads to a file of the package, or to a place on the web. Pages for those who change naftiko link
 * to its sources, which they have.
 */
function checkLinks(installed, name, text) {
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)/g)) {
    const isOfSources = name !== "README.md" && /^(?:\.\.\/)?(?:src|test|scripts|bench)\//.test(target);
    const isFound =
      isOfSources || /^https?:/.test(target) || existsSync(path.resolve(installed, path.dirname(name), target));
    check(isFound, `${name} links to ${target}, which is not in the package`);
  }
}

/** Checks what an installation takes on disk, by the blocks of files as `du` counts them. */
export async function checkSize(folder) {
  const stats = await Promise.all((await filesBelow(folder)).map(file => stat(file)));
  const kilobytes = stats.reduce((sum, { size }) => sum + Math.ceil(size / 4096) * 4, 0);
  check(kilobytes <= MOST_KB, `an installation without optional packages takes ${kilobytes} kB, more than ${MOST_KB}`);
  console.log(`package: ${kilobytes} kB installed without optional packages`);
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
}
