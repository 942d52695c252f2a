import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkBundles } from "./check-package/bundles.mjs";
import { checkContents, checkSize, pack } from "./check-package/contents.mjs";
import { checkNodeVersions } from "./check-package/node-versions.mjs";
import { check, npm, run } from "./check-package/run.mjs";
import { checkTypes } from "./check-package/types.mjs";

// npm run check:package : packs the package, checks what is in it, installs it into an empty folder, and uses the
// command, the library and its types from there.

const root = path.resolve(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));

const CALL = ["run", "clerk-backend-api-api-keys", "createApiKey", "--mock", "--body", '{"name":"ci"}'];

const SERVED = `naftiko: 1.0.0-alpha2
capability:
  exposes:
    - type: rest
      namespace: api
      port: 0
      resources:
        - path: /ping
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
`;

/** The names of the package, from a module and from CommonJS, which get the same library. */
const NAMES_PROGRAM = `
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { CapabilityError, openCapability } from "naftiko";

const require = createRequire(import.meta.url);
assert.equal(require("naftiko").CapabilityError, CapabilityError);
for (const name of ${JSON.stringify(Object.keys(manifest.exports).map(key => path.posix.join(manifest.name, key)))}) {
  assert.ok(existsSync(new URL(import.meta.resolve(name))), name);
  assert.ok(existsSync(require.resolve(name)), name);
}
await assert.rejects(import("naftiko/dist/index.js"), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
await (await openCapability("clerk-backend-api-api-keys")).close();
`;

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-package-"));
try {
  const tarball = await pack(root, folder);
  const small = await install(tarball, "small", ["--omit=optional"]);
  await checkSize(path.join(small, "node_modules"));
  const cwd = await install(tarball, "full", []);
  const installed = path.join(cwd, "node_modules", manifest.name);
  await checkContents(root, installed);
  await useCommand(cwd);
  await useLibrary(cwd);
  for (const where of [cwd, small]) await checkBundles(where, path.join(folder, "alone"));
  await checkNodeVersions(root, cwd, ["names.js", "program.mjs"], path.join(folder, "nodes"));
  await checkTypes(installed, path.join(folder, "typed"));
  console.log("package: all checks passed");
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function install(tarball, name, options) {
  const empty = path.join(folder, name);
  await mkdir(empty);
  await writeFile(path.join(empty, "package.json"), '{ "private": true, "type": "module" }');
  await npm(empty, ["install", ...options, tarball]);
  return empty;
}

async function useCommand(cwd) {
  const command = path.join(cwd, "node_modules", ".bin", "naftiko");
  check((await run(cwd, command, ["--version"])) === `${manifest.version}\n`, "the command tells another version");
  const { result } = JSON.parse(await run(cwd, command, CALL));
  check(result.name === "ci" && typeof result.id === "string", "the command gives another result");
  await useServer(cwd, command);
}

/** Serves a file by the installed command, and ends it as a system does. */
async function useServer(cwd, command) {
  await writeFile(path.join(cwd, "served.yaml"), SERVED);
  const child = spawn(command, ["serve", "served.yaml"], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise(resolve => child.on("exit", resolve));
  let told = "";
  for await (const data of child.stderr) {
    told += data;
    const [, url] = / listens on (http:\S+)/.exec(told) ?? [];
    if (url === undefined) continue;
    const response = await fetch(`${url}/ping`);
    check((await response.text()) === '{"answer":"pong"}', "the server gives another answer");
    child.kill("SIGTERM");
    break;
  }
  check((await ended) === 0, `the server does not end well: ${told}`);
}

async function useLibrary(cwd) {
  await writeFile(path.join(cwd, "names.js"), NAMES_PROGRAM);
  await run(cwd, process.execPath, ["names.js"]);
  await copyFile(path.join(import.meta.dirname, "check-package", "program.mjs"), path.join(cwd, "program.mjs"));
  await run(cwd, process.execPath, ["program.mjs"]);
}
