// Fits the first line of the command to this machine; a step of installing the package, and of the build.
//
// The package's launcher begins with `#!/usr/bin/env -S node --`. The `env` of BusyBox, as in Alpine, has no -S: there a
// shell starts Node. It is not the other way round, as npm on Windows takes the program from that line, and has no shell.
"use strict";
const { spawnSync } = require("node:child_process");
const { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const PACKED = "#!/usr/bin/env -S node --\n";

/** To a shell, a command that does nothing and one that becomes Node; to Node, a text and a comment. */
const BY_SHELL = '#!/bin/sh\n":" //; exec node -- "$0" "$@"\n';

/**
 * Changes the launcher where `env` cannot start it.
 *
 * @param {string} file the launcher
 * @param {string} [env] the program that its first line names
 * @returns {boolean} whether it was changed
 */
function fitLauncher(file, env = "/usr/bin/env") {
  if (process.platform === "win32") return false;
  const { status } = spawnSync(env, ["-S", "true"], { stdio: "ignore" });
  // `null`: there is no such program to learn from.
  if (status === 0 || status === null) return false;
  const text = readFileSync(file, "utf8");
  if (!text.startsWith(PACKED)) return false;
  // A file of its own: package managers link the one that is there to their stores.
  const next = `${file}.${process.pid}`;
  try {
    writeFileSync(next, BY_SHELL + text.slice(PACKED.length));
    chmodSync(next, statSync(file).mode);
    renameSync(next, file);
  } finally {
    rmSync(next, { force: true });
  }
  return true;
}

exports.fitLauncher = fitLauncher;

if (require.main === module) {
  try {
    fitLauncher(path.join(__dirname, "..", "dist", "naftiko.cjs"));
  } catch (error) {
    // In a clone nothing is built yet, and then the build does it. A package that cannot be written stays as it is.
    if (error.code !== "ENOENT") process.stderr.write(`naftiko: ${error.message}\n`);
  }
}
