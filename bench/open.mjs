import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { withLargeFile } from "./large-file.mjs";
import { median, row } from "./measure.mjs";

// Opening every file below a folder (parse, validate, compile), next to `parse` of the package `yaml` on the same files.
// Each pass is a process of its own, for its peak of memory; its files are read before the clock starts.

export async function benchOpen(folder, { rounds = 3 } = {}) {
  const all = compare(folder, rounds);
  const { operations, ...large } = await withLargeFile(async (place, count) => ({
    ...compare(place, rounds),
    operations: count,
  }));
  return [
    row(`opening ${all.opened.files} files / \`yaml\` parse`, all.ratio, "≤ 0.2"),
    row("opening, for scale", all.opened.ms, "–", " ms"),
    row("peak memory, opening and keeping all", all.opened.megabytes, "–", " MB"),
    row("peak memory, `yaml` parse and keeping all", all.parsed.megabytes, "–", " MB"),
    row(`opening one file of 2 MB, ${operations} operations / \`yaml\` parse`, large.ratio, "≤ 0.25"),
    row("opening it, for scale", large.opened.ms, "–", " ms"),
    row("peak memory, opening it", large.opened.megabytes, "–", " MB"),
    row("peak memory, `yaml` parse of it", large.parsed.megabytes, "–", " MB"),
  ];
}

/**
 * Measures both passes over a folder in turn. Returns the median of their ratios, and the figures of the last round.
 */
function compare(folder, rounds) {
  const ratios = [];
  let opened = { ms: 0, megabytes: 0, files: 0 };
  let parsed = opened;
  for (let round = 0; round < rounds; round++) {
    opened = pass("open", folder);
    parsed = pass("yaml", folder);
    ratios.push(opened.ms / parsed.ms);
  }
  return { ratio: median(ratios), opened, parsed };
}

function pass(kind, folder) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [import.meta.filename, kind, folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function measurePass(kind, folder) {
  const names = (await readdir(folder, { recursive: true })).filter(name => /\.ya?ml$/.test(name));
  const files = names.map(name => path.join(folder, name));
  const texts = await Promise.all(files.map(file => readFile(file, "utf8")));
  const kept = [];
  let start = 0;
  if (kind === "yaml") {
    const { parse } = await import("yaml");
    start = performance.now();
    for (const text of texts) kept.push(parse(text));
  } else {
    const { openCapability } = await import("../dist/index.js");
    start = performance.now();
    for (const file of files) {
      // The few files that are refused are part of the work.
      kept.push(await openCapability(file, { env: {} }).catch(error => error.code));
    }
  }
  const ms = performance.now() - start;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { ms, megabytes, files: kept.length };
}

if (process.argv[1] === import.meta.filename) {
  const [, , kind, folder] = process.argv;
  process.stdout.write(JSON.stringify(await measurePass(kind, folder)));
}
