import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

// npm run check:imports [-- <folder>] : checks the direction of imports below src/, and that no files import each other
// in a circle. Prints each violation with its place; exit code 1 where there is one.

/** A stage may import itself and those before it. */
const STAGES = [
  "error",
  "files",
  "expression",
  "document",
  "formats",
  "transport",
  "authentication",
  "validation",
  "overlays",
  "capability",
  "binds",
  "request",
  "response",
  "outputs",
  "pagination",
  "waiting",
  "orchestration",
];
/** What surrounds the stages, with what each may import besides them and itself. The empty name: files of src/ itself. */
const SURROUNDINGS = new Map([
  ["mock", []],
  ["migrate", []],
  ["expose", ["", "mock"]],
  ["", ["mock", "expose"]],
  ["cli", ["", "mock", "migrate", "expose"]],
]);

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "..", "src"));
const modules = await readModules(folder);
const problems = [...directionProblems(modules), ...cycleProblems(modules)];
for (const problem of problems) console.error(problem);
const count = [...modules.values()].flat().length;
console.log(`${modules.size} files, ${count} imports, ${problems.length} violations`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** @returns {Promise<Map<string, { target: string, line: number }[]>>} the imports of each file, by path below the folder */
async function readModules(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.map(toSlashes).filter(name => /\.[cm]?[jt]s$/.test(name) && !name.endsWith(".d.ts"));
  const texts = files.sort().map(async file => [file, await readFile(path.join(folder, file), "utf8")]);
  return new Map((await Promise.all(texts)).map(([file, text]) => [file, importsOf(file, text)]));
}

function importsOf(file, text) {
  const code = withoutComments(text);
  const found = new Map();
  for (const pattern of [
    // import … from "x", export … from "x", with "type" or without
    /^\s*(?:import|export)\s[^;]*?\bfrom\s*["']([^"']+)["']/gm,
    // import "x"
    /^\s*import\s*["']([^"']+)["']/gm,
    // import("x"), as a call or in a type
    /\bimport\(\s*["'`]([^"'`]+)["'`]/g,
  ]) {
    for (const match of code.matchAll(pattern)) {
      const specifier = match[1];
      if (!specifier.startsWith(".")) continue;
      const offset = match.index + match[0].lastIndexOf(specifier);
      found.set(offset, {
        target: toSlashes(path.join(path.dirname(file), specifier)),
        line: code.slice(0, offset).split("\n").length,
      });
    }
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

/** Blanks comments that begin a line; lines keep their numbers. */
function withoutComments(text) {
  return text.replace(/^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, comment => comment.replace(/[^\n]+/g, ""));
}

function* directionProblems(modules) {
  for (const [file, imports] of modules) {
    const from = areaOf(file);
    if (!isKnown(from))
      yield `${file}:1: ${nameOf(from)} is no known stage: give it a place in scripts/check-imports.mjs`;
    for (const { target, line } of imports) {
      const to = areaOf(target);
      if (isKnown(from) && isKnown(to) && !mayImport(from, to)) {
        yield `${file}:${line}: ${nameOf(from)} may not import ${nameOf(to)} (${target})`;
      }
    }
  }
}

function mayImport(from, to) {
  if (from === to) return true;
  const own = STAGES.indexOf(from);
  if (own >= 0) return STAGES.slice(0, own).includes(to);
  return STAGES.includes(to) || SURROUNDINGS.get(from).includes(to);
}

/** The folder that a file is in: `request` for `request/bodies/json.ts`, nothing for `run.ts`. */
function areaOf(file) {
  const slash = file.indexOf("/");
  return slash < 0 ? "" : file.slice(0, slash);
}

function isKnown(area) {
  return STAGES.includes(area) || SURROUNDINGS.has(area);
}

function nameOf(area) {
  return area === "" ? "src/" : `${area}/`;
}

/** One problem for each import that closes a circle, with all files on it. */
function* cycleProblems(modules) {
  const done = new Set();
  for (const start of modules.keys()) yield* visit(start, [], modules, done);
}

function* visit(file, trail, modules, done) {
  if (done.has(file)) return;
  const here = [...trail, file];
  for (const { target, line } of modules.get(file) ?? []) {
    const index = here.indexOf(target);
    if (index >= 0) yield `${file}:${line}: import cycle: ${[...here.slice(index), target].join(" → ")}`;
    else yield* visit(target, here, modules, done);
  }
  done.add(file);
}

function toSlashes(name) {
  return name.split(path.sep).join("/");
}
