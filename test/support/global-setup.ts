import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const BUILT = [
  "dist/index.js",
  "dist/naftiko.cjs",
  "dist/command.cjs",
  "dist/command-rest.cjs",
  "dist/decode-worker.cjs",
  "dist/script-worker.cjs",
];
const SOURCES = ["src", "scripts", "schema", "package.json", "tsconfig.json", "tsconfig.build.json"];
/** Written by the build itself. */
const GENERATED = "generated";

/** Builds the package where `dist/` is missing or older than what it is built from: tests run the built command. */
export function setup(): void {
  const built = Math.min(...BUILT.map(changedAt));
  if (SOURCES.flatMap(filesBelow).every(file => changedAt(file) <= built)) return;
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("Cannot build the package that the tests run");
}

function filesBelow(source: string): string[] {
  const start = path.join(root, source);
  if (!statSync(start).isDirectory()) return [start];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && path.basename(entry.parentPath) !== GENERATED)
    .map(entry => path.join(entry.parentPath, entry.name));
}

/** Returns the time of a file's last change in milliseconds; 0 if it does not exist. */
function changedAt(file: string): number {
  return statSync(path.resolve(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
