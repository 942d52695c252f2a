#!/usr/bin/env node
// Starts the command from `command.cjs`, with its V8 code cache: compiling is most of what a short process does. V8
// refuses a cache made by another version or with other flags; then it is made anew, where the folder can be written.
"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");

const file = path.join(__dirname, "command.cjs");
const cacheFile = path.join(__dirname, `command.${process.version}.${process.arch}.cache`);
const script = new Script(readFileSync(file, "latin1"), { filename: file, cachedData: readCache() });
const command = { exports: {} };
script.runInThisContext()(command.exports, require, command, file, __dirname);
if (script.cachedDataRejected !== false) command.exports.finished.then(writeCache, () => {});

function readCache() {
  try {
    return readFileSync(cacheFile);
  } catch {
    return undefined;
  }
}

/** After the command has run, so that the functions it used are in the cache. */
function writeCache() {
  const { renameSync, writeFileSync } = require("node:fs");
  const temporary = `${cacheFile}.${process.pid}`;
  try {
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, cacheFile);
  } catch {
    // A read-only installation starts without a cache.
  }
}
