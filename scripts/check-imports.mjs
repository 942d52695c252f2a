import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

// npm run check:imports [-- <folder>] : checks the direction of imports below src/, that no files import each other in a
// circle, and that another file imports each export. Prints each violation with its place; exit code 1 if there is one.

/**
 * Chapters in the order of their imports: a chapter imports itself and those above it. Rooms are folders of a chapter.
 * If they are listed, the same order holds among them, and the files beside them may import every room.
 */
const CHAPTERS = [
  { name: "base" },
  { name: "telemetry" },
  { name: "sharing" },
  {
    name: "language",
    rooms: ["expression", "document", "validation", "overlays", "model", "migrate", "openapi", "calls", "typescript"],
  },
  { name: "net" },
  {
    name: "engine",
    rooms: [
      "formats",
      "authentication",
      "binds",
      "request",
      "policy",
      "response",
      "outputs",
      "pagination",
      "waiting",
      "scripts",
      "orchestration",
    ],
  },
  { name: "tools" },
  { name: "batch" },
  { name: "library" },
  { name: "catalogue" },
  { name: "serving" },
  { name: "queue" },
  // The command starts the others; they know neither it nor each other.
  { name: "surfaces", rooms: ["sandbox", "rest", "control", "mcp", "skill", "cli"] },
];
/** File that is in no chapter and may import all of them. */
const FACE = "index.ts";
/** Files whose exports are for users and for the build. */
const ENTRIES = new Set([FACE, "surfaces/cli/command.ts", "surfaces/cli/quick.ts"]);

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "..", "src"));
const modules = await readModules(folder);
const problems = [...directionProblems(modules), ...cycleProblems(modules), ...exportProblems(modules)];
for (const problem of problems) console.error(problem);
const count = [...modules.values()].flatMap(({ imports }) => imports).length;
console.log(`${modules.size} files, ${count} imports, ${problems.length} violations`);
process.exitCode = problems.length > 0 ? 1 : 0;

/**
 * Reads the imports and exports of each file.
 *
 * @returns {Promise<Map<string, {
 *   imports: { target: string, line: number, names?: string[] }[],
 *   exports: { name: string, line: number }[],
 * }>>} by path below the folder; an import without `names` may use all
 */
async function readModules(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.map(toSlashes).filter(name => /\.[cm]?[jt]s$/.test(name) && !name.endsWith(".d.ts"));
  const texts = files.sort().map(async file => [file, await readFile(path.join(folder, file), "utf8")]);
  return new Map((await Promise.all(texts)).map(([file, text]) => [file, readModule(file, text)]));
}

function readModule(file, text) {
  const code = withoutComments(text);
  return { imports: importsOf(file, code), exports: exportsOf(code) };
}

function importsOf(file, code) {
  const found = new Map();
  for (const pattern of [
    // import … from "x", export … from "x", with "type" or without
    /^\s*(?:import|export)\s(?<clause>[^;]*?)\bfrom\s*["'](?<specifier>[^"']+)["']/gm,
    // import "x"
    /^\s*import\s*(?<clause>)["'](?<specifier>[^"']+)["']/gm,
    // import("x"), as a call or in a type, with what is taken of it: { a } = await import("x"), import("x").then(({ a }) …,
    // (await import("x")).a, import("x").A
    /(?<before>\{[^{}]*\}\s*=\s*await\s+)?\bimport\(\s*["'`](?<specifier>[^"'`]+)["'`]\s*\)(?:\.then\(\((?<then>\{[^{}]*\})\)|\)?\.(?!then\b)(?<member>\w+))?/g,
  ]) {
    for (const match of code.matchAll(pattern)) {
      const { specifier, before, then, member } = match.groups;
      const taken = before ?? then ?? (member && `{ ${member} }`);
      const clause = match.groups.clause ?? taken?.replace(/:\s*\w+/g, "");
      if (!specifier.startsWith(".")) continue;
      const offset = match.index + match[0].lastIndexOf(specifier);
      found.set(offset, {
        target: toSlashes(path.join(path.dirname(file), specifier)),
        line: lineAt(code, offset),
        names: clause === undefined || clause.includes("*") ? undefined : namesIn(clause),
      });
    }
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

/** Returns the names of a clause as their own file spells them. */
function namesIn(clause) {
  return clause.match(/(?<!\bas\s+)\b\w+(?=\s*(?:[,}]|as\b))/g) ?? [];
}

function exportsOf(code) {
  const declaration = /^export (?:async )?(?:function\*?|class|const|interface|type) (?<name>\w+)/gm;
  return Array.from(code.matchAll(declaration), ({ index, groups }) => ({
    name: groups.name,
    line: lineAt(code, index),
  }));
}

function lineAt(code, offset) {
  return code.slice(0, offset).split("\n").length;
}

/** Blanks comments that begin a line; lines keep their numbers. */
function withoutComments(text) {
  return text.replace(/^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, comment => comment.replace(/[^\n]+/g, ""));
}

function* directionProblems(modules) {
  for (const [file, { imports }] of modules) {
    if (file === FACE) continue;
    const from = chapterOf(file);
    if (!isKnown(from)) {
      yield `${file}:1: ${from.name} is not a known chapter or room: give it a place in scripts/check-imports.mjs`;
      continue;
    }
    for (const { target, line } of imports) {
      const to = chapterOf(target);
      if (isKnown(to) && !mayImport(from, to)) {
        yield `${file}:${line}: ${from.name} may not import ${to.name} (${target})`;
      }
    }
  }
}

function mayImport(from, to) {
  if (from.chapter !== to.chapter) return to.chapter < from.chapter;
  return to.room <= from.room;
}

/**
 * Returns the place of a file: the numbers of its chapter and room. The files beside the rooms of a chapter come behind
 * them; a chapter without listed rooms is one room.
 */
function chapterOf(file) {
  const [first = "", second = ""] = file.split("/");
  const chapter = CHAPTERS.findIndex(({ name }) => name === first && file !== first);
  const rooms = CHAPTERS[chapter]?.rooms;
  if (rooms === undefined) return { chapter, room: 0, name: file === first ? file : `${first}/` };
  const isBeside = file.split("/").length === 2;
  return isBeside
    ? { chapter, room: rooms.length, name: `${first}/` }
    : { chapter, room: rooms.indexOf(second), name: `${first}/${second}/` };
}

function isKnown({ chapter, room }) {
  return chapter >= 0 && room >= 0;
}

/** Reports each import that closes a circle, with all files on it. */
function* cycleProblems(modules) {
  const done = new Set();
  for (const start of modules.keys()) yield* visit(start, [], modules, done);
}

function* visit(file, trail, modules, done) {
  if (done.has(file)) return;
  const here = [...trail, file];
  for (const { target, line } of modules.get(file)?.imports ?? []) {
    const index = here.indexOf(target);
    if (index >= 0) yield `${file}:${line}: import cycle: ${[...here.slice(index), target].join(" → ")}`;
    else yield* visit(target, here, modules, done);
  }
  done.add(file);
}

function* exportProblems(modules) {
  const imports = [...modules.values()].flatMap(module => module.imports);
  for (const [file, { exports }] of modules) {
    if (ENTRIES.has(file)) continue;
    const ofFile = imports.filter(({ target }) => target === file);
    for (const { name, line } of exports) {
      if (!ofFile.some(({ names }) => names?.includes(name) ?? true)) yield `${file}:${line}: nothing imports ${name}`;
    }
  }
}

function toSlashes(name) {
  return name.split(path.sep).join("/");
}
