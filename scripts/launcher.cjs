#!/usr/bin/env -S node --
// Starts the command from `command.cjs`, with its V8 code cache: compiling is most of what a short process does. V8
// refuses a cache made by another version or with other flags; then it is made anew, where the folder can be written.
//
// `--` in the first line ends what Node reads of a command line. Without it Node takes --env-file for its own, wherever
// it stands: it runs what NODE_OPTIONS in the file says, and ends where there is no file.
// Where `env` does not know -S, `fit-launcher.cjs` changes that line.
"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");

const file = path.join(__dirname, "command.cjs");
const cacheFile = path.join(__dirname, `command.${process.version}.${process.arch}.cache`);
const command = { exports: {} };
let script;
try {
  script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData: readCache() });
  script.runInThisContext()(command.exports, require, command, file, __dirname);
} catch (error) {
  refuse(error);
}
command.exports.finished?.then(() => {
  if (script.cachedDataRejected !== false) writeCache();
  // Everything is written. Node would wait for the last connection to close, and take it apart.
  process.exit();
});

/**
 * Reports an error in one line, with the exit code of an unreadable file or of a fault: Node would print lines of the
 * bundle.
 */
function refuse(error) {
  const { syscall, code, name } = error;
  const reason = syscall === undefined ? `it is damaged (${name})` : `it cannot be read (${code})`;
  process.exitCode = syscall === undefined ? 1 : 8;
  process.stderr.on("error", () => {});
  process.stderr.write(`error: Cannot start naftiko from ${JSON.stringify(file)}: ${reason}: install it again\n`);
}

function readCache() {
  try {
    return readFileSync(cacheFile);
  } catch {
    return undefined;
  }
}

/** Writes the cache after the command has run, so that the functions it used are in it. V8 never reads half a cache. */
function writeCache() {
  const { readdirSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
  const { randomBytes } = require("node:crypto");
  const temporary = `${cacheFile}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(temporary, script.createCachedData(), { flag: "wx" });
    renameSync(temporary, cacheFile);
    // Left by processes that were killed here.
    const hourAgo = Date.now() - 3_600_000;
    for (const name of readdirSync(__dirname)) {
      const left = path.join(__dirname, name);
      if (/^command\..+\.cache\.[0-9a-f]+$/.test(name) && statSync(left).mtimeMs < hourAgo) rmSync(left);
    }
  } catch {
    // A read-only installation, or one on a full disk, starts without a cache.
    try {
      rmSync(temporary, { force: true });
    } catch {}
  }
}
