import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { families } from "./growth-families.mjs";

// node bench/growth-files.mjs [words]: how the work on capability files, inputs, paths and printed results grows. Each
// family makes an input of any size; doubling it may multiply the processor time by 2.5 at most. Ends with 1 where one does
// not keep to that, or takes more than 3 seconds below its largest size.

const root = path.resolve(import.meta.dirname, "..");
const MOST_GROWTH = 2.5;
/** Shorter measurements say nothing of growth. */
const LONG_ENOUGH_MS = 60;
const LONGEST_MS = 3_000;
/** Files and answers are refused beyond. */
const MOST_CHARACTERS = 4_000_000;

const folder = await mkdtemp(path.join(os.tmpdir(), "naftiko-growth-"));
try {
  const words = process.argv.slice(2);
  const parts = await loadParts();
  let failed = 0;
  for (const family of families(parts)) {
    if (!words.every(word => family.name.includes(word))) continue;
    const { line, ok } = await measureFamily(family);
    console.log(line);
    if (!ok) failed++;
  }
  if (failed > 0) {
    console.log(`${failed} grow too fast or take too long`);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Loads the sources as one module: some of the measured parts are not public. */
async function loadParts() {
  const modules = [
    "surfaces/cli/main",
    "surfaces/cli/format-table",
    "language/document/parse-yaml",
    "language/expression/json-path",
    "language/expression/template",
    "library/open-capability",
    "engine/outputs/compile-json-path",
    "engine/pagination/link-header",
    "engine/pagination/find-items",
    "base/did-you-mean",
    "surfaces/cli/write-result",
    "surfaces/cli/item-writer",
  ];
  const outfile = path.join(root, "dist", "growth", "parts.mjs");
  await mkdir(path.dirname(outfile), { recursive: true });
  await build({
    absWorkingDir: root,
    stdin: {
      contents: modules.map(name => `export * from "./src/${name}.ts";`).join("\n"),
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const parts = await import(pathToFileURL(outfile));
  return { ...parts, command, writeText: (name, text) => writeFile(path.join(folder, name), text) };

  /** Runs the command here. Returns its exit code and the length of its output. */
  async function command(args) {
    let characters = 0;
    const write = data => {
      characters += data.length;
    };
    const stream = { isTTY: false, columns: 0, write };
    const stdin = (async function* () {})();
    const signal = new AbortController().signal;
    const code = await parts.main(args, {
      env: {},
      cwd: folder,
      stdin,
      stdout: stream,
      stderr: stream,
      signal,
    });
    return { code, characters };
  }
}

async function measureFamily({ name, make, run, from = 256, most = Number.POSITIVE_INFINITY }) {
  const times = [];
  for (let size = from; ; size *= 2) {
    const input = await make(size);
    const characters = typeof input === "string" ? input.length : 0;
    times.push(await processorTime(run, input));
    const ms = times.at(-1);
    // Over two doublings: a single one is often a collection of garbage.
    const before = times.at(-3) ?? Number.NaN;
    const growth = Math.sqrt(ms / before);
    const figures = `${ms.toFixed(0).padStart(6)} ms  n=${size}  ${characters || ""}  ×${growth.toFixed(1)}`;
    if (ms > LONGEST_MS) return { ok: false, line: `SLOW  ${name.padEnd(60)} ${figures}` };
    const isLast = size * 2 > most || characters * 2 > MOST_CHARACTERS;
    if (before > LONG_ENOUGH_MS || isLast) {
      const ok = !(growth > MOST_GROWTH && before > LONG_ENOUGH_MS / 4);
      return { ok, line: `${ok ? "ok   " : "GROWS"} ${name.padEnd(60)} ${figures}` };
    }
  }
}

/** Returns the shortest of three measurements. */
async function processorTime(run, input) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = process.cpuUsage();
    await run(input);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
    if (best > LONG_ENOUGH_MS * 4) break;
  }
  return best;
}
