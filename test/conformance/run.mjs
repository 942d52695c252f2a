import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { startUpstream } from "./upstream.mjs";

// npm run conformance [-- <revision> [<scenario>]] : runs the official conformance suite of MCP against `naftiko serve`.
// Fails where a scenario fails that is not in the revision's file of expected failures, and where one passes that is.
// `npm ci --prefix test/conformance` brings the suite, and the Node that it needs.

const folder = import.meta.dirname;
const root = path.resolve(folder, "../..");
const [only, scenario] = process.argv.slice(2);
const revisions = only === undefined ? ["2025-11-25", "2026-07-28"] : [only];
const suite = path.join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const brought = path.join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
const node = existsSync(brought) ? brought : process.execPath;

const upstream = await startUpstream();
const server = spawn(
  process.execPath,
  [
    path.join(root, "dist/naftiko.cjs"),
    ...["serve", path.join(folder, "capability.yaml")],
    ...["--base-uri", `fixtures=${upstream.url}`, "--confirm", "writes"],
  ],
  { cwd: folder, stdio: ["ignore", "inherit", "pipe"] },
);
try {
  const url = await listening(server);
  for (const revision of revisions) await check(revision, url);
} finally {
  server.kill();
  upstream.stop();
}

/** Returns the address of the server, which tells it on standard error. */
async function listening({ stderr }) {
  const told = [];
  for await (const line of createInterface({ input: stderr })) {
    told.push(line);
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url === undefined) continue;
    stderr.resume();
    return new URL("/mcp", url).href;
  }
  throw new Error(`naftiko serve has not started:\n${told.join("\n")}`);
}

async function check(revision, url) {
  const expected = path.join(folder, `expected-failures-${revision}.yaml`);
  const chosen =
    scenario === undefined
      ? ["--requirements", revision, "--expected-failures", expected]
      : ["--spec-version", revision, "--scenario", scenario, "--verbose"];
  const child = spawn(node, [suite, "server", "--url", url, ...chosen], { cwd: folder, stdio: "inherit" });
  const [code] = await once(child, "close");
  const count = (await readFile(expected, "utf8")).split("\n").filter(line => line.startsWith("  - ")).length;
  console.log(`conformance: ${revision} ${code === 0 ? "passed" : "FAILED"}, ${count} failures are expected`);
  if (code !== 0) process.exitCode = 1;
}
