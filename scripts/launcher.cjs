#!/usr/bin/env -S node --
// Starts the command from `command.cjs` or `quick.cjs`, with its V8 code cache: compiling is most of what a short process
// does. V8 refuses a cache made by another version or with other flags; then it is made anew.
//
// A code cache is code. It is read from a folder of the user's own, and only if nobody else can have written it. Node's
// own compile cache would take a quarter longer to start: it holds less of what a call uses.
//
// `--` in the first line ends what Node reads of a command line. Without it Node takes --env-file for its own, wherever
// it stands: it runs what NODE_OPTIONS in the file says, and ends where there is no file.
// Where `env` does not know -S, `fit-launcher.cjs` changes that line.
"use strict";
const { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");

/** Which scripts they are. The build writes it here: V8 compares only the length of a script with its cache's. */
const BUILD = "$BUILD";
/** Commands that `quick.cjs` has, by their names. */
const QUICK = "$QUICK".split(" ");
const cacheFolder = findCacheFolder();
const args = process.argv.slice(2);
/** Parts that have a cache of their own, by their names: not every call of a command needs them. */
const CACHED = {
  "./catalogue-reader.cjs": "reader",
  "./command-mcp-package.cjs": "mcp-package",
  // A batch goes on with the rows of a killed one, and is started as often as there are files.
  ...(args[0] === "batch" && { "./command-rest.cjs": "batch", "./command-yargs.cjs": "batch-yargs" }),
};
/** Parts with a cache that have been asked for, by their names. */
const parts = new Map();
const isSending = args[0] === "run" && !args.some(text => /^--(?:help|dry-run)/.test(text));
if (!QUICK.includes(args[0]) || !startQuick(args[0])) startWhole();

/** Runs a command by the script of those that are started often. Returns `false` if nothing was done. */
function startQuick(name) {
  const quick = load("quick.cjs", name);
  const finished = quick?.exports.start(args);
  finished?.then(() => end(quick, !process.exitCode && !quick.exports.isUnusualRun()));
  return quick === undefined || finished !== undefined;
}

function startWhole() {
  const command = load("command.cjs", isSending ? "run" : "other");
  // A call that failed before it sent has not used what others will.
  command?.exports.finished?.then(() => end(command, !(isSending && process.exitCode)));
}

/** Ends the process. Everything is written: Node would wait for the last connection to close, and take it apart. */
function end(loaded, isTypical) {
  if (isTypical) keepCache(loaded);
  for (const part of parts.values()) keepCache(part);
  process.exit();
}

function keepCache({ script, cacheFile }) {
  if (script.cachedDataRejected !== false) writeCache(script, cacheFile);
}

/**
 * Runs a script. Returns `undefined` if it cannot be read, which is reported.
 *
 * @param kind of calls, which have a cache of their own: it is slower to read, the more it holds that they do not use
 */
function load(name, kind) {
  const file = path.join(__dirname, name);
  try {
    return evaluate(file, kind, text => text);
  } catch (error) {
    refuse(file, error);
    return undefined;
  }
}

/** Requires a part of a script. */
function requirePart(name) {
  const kind = CACHED[name];
  if (kind === undefined) return require(name);
  if (!parts.has(name)) parts.set(name, evaluate(path.join(__dirname, name), kind, asFunction));
  return parts.get(name).exports;
}

/** Makes a script of a module of CommonJS. */
function asFunction(text) {
  return `(function(exports,require,module,__filename,__dirname){${text}\n})`;
}

function evaluate(file, kind, scriptOf) {
  const cacheFile =
    cacheFolder && path.join(cacheFolder, `command.${BUILD}.${process.version}.${process.arch}.${kind}.cache`);
  const module = { exports: {} };
  const text = scriptOf(readFileSync(file, "latin1"));
  const script = new Script(text, { filename: file, cachedData: readCache(cacheFile) });
  script.runInThisContext()(module.exports, requirePart, module, file, __dirname);
  return { exports: module.exports, script, cacheFile };
}

/**
 * Reports an error in one line, with the exit code of an unreadable file or of a fault: Node would print lines of the
 * bundle.
 */
function refuse(file, error) {
  const { syscall, code, name } = error;
  const reason = syscall === undefined ? `it is damaged (${name})` : `it cannot be read (${code})`;
  process.exitCode = syscall === undefined ? 1 : 8;
  process.stderr.on("error", () => {});
  process.stderr.write(`error: Cannot start naftiko from ${JSON.stringify(file)}: ${reason}: install it again\n`);
}

/**
 * Finds the folder for data that programs can do without (XDG Base Directory Specification). Returns `undefined` for a user
 * without one.
 */
function findCacheFolder() {
  const { XDG_CACHE_HOME: cache, LOCALAPPDATA: local, HOME: home } = process.env;
  if (cache !== undefined && path.isAbsolute(cache)) return path.join(cache, "naftiko", "code");
  if (process.platform === "win32" && local !== undefined) return path.join(local, "naftiko", "code");
  try {
    const own = home || require("node:os").homedir();
    return path.isAbsolute(own) ? path.join(own, ".cache", "naftiko", "code") : undefined;
  } catch {
    return undefined;
  }
}

function readCache(cacheFile) {
  try {
    if (!isOwnFolder()) return undefined;
    // A link is not followed, and a pipe not waited for. Windows has neither flag.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const descriptor = openSync(cacheFile, flags);
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && isOwn(stats) ? readFileSync(descriptor) : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Tells whether the folder, and that above it, are folders that only this user can write to. */
function isOwnFolder() {
  return [path.dirname(cacheFolder), cacheFolder].every(folder => {
    const stats = lstatSync(folder);
    return stats.isDirectory() && isOwn(stats);
  });
}

/** Tells whether only this user can write to a file. On Windows its folder says so, which is in the user's own. */
function isOwn({ uid, mode }) {
  return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o022) === 0);
}

/** Writes the cache after the command has run, so that the functions it used are in it. V8 never reads half a cache. */
function writeCache(script, cacheFile) {
  if (cacheFile === undefined) return;
  const { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
  const { randomBytes } = require("node:crypto");
  const temporary = `${cacheFile}.${randomBytes(6).toString("hex")}`;
  try {
    // Users of services have homes that do not exist, and are not to get one.
    if (!existsSync(path.resolve(cacheFolder, "../../.."))) return;
    mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder()) return;
    writeFileSync(temporary, script.createCachedData(), { flag: "wx", mode: 0o600 });
    renameSync(temporary, cacheFile);
    removeOldCaches();
  } catch {
    // Without a folder to write to, or on a full disk, it starts without a cache.
    try {
      rmSync(temporary, { force: true });
    } catch {}
  }
}

/** Removes what killed processes have left, and caches that have not been made anew for long: of versions that are gone. */
function removeOldCaches() {
  const { readdirSync, rmSync, statSync } = require("node:fs");
  const hour = 3_600_000;
  for (const name of readdirSync(cacheFolder)) {
    const [, isTemporary] = /^command\..+\.cache(\.[0-9a-f]+)?$/.exec(name) ?? [];
    const file = path.join(cacheFolder, name);
    const age = Date.now() - statSync(file).mtimeMs;
    if (name.startsWith("command.") && age > (isTemporary === undefined ? 30 * 24 * hour : hour)) rmSync(file);
  }
}
