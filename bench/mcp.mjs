import { fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pool } from "undici";
import { median, ratio } from "./measure.mjs";

// node bench/mcp.mjs [seconds] : processor time of a call of a tool over HTTP, of `naftiko serve` and in the same run of a
// server that is written by hand on the official packages, in the newest revision, and in one of those before it. Linux
// alone: processor times come from /proc.

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 5;
const CALLERS = 20;
const root = path.resolve(import.meta.dirname, "..");
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
};
const BASE = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const revisions = {
  "2026-07-28": {
    headers: { ...BASE, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "key" },
    more: { _meta: META },
  },
  "2025-11-25": { headers: { ...BASE, "mcp-protocol-version": "2025-11-25" }, more: {} },
};

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
const upstream = fork(path.join(import.meta.dirname, "server.mjs"));
const upstreamUrl = `http://127.0.0.1:${(await message(upstream)).port}`;
await writeFile(path.join(folder, "keys.yaml"), capability(upstreamUrl));
const services = { naftiko: await startOurs(), peer: await startPeer() };
try {
  for (const [revision, asked] of Object.entries(revisions)) {
    // Both are compiled by V8 while they run: a server's first seconds are not its usual ones.
    for (const service of Object.values(services)) await load(service, asked, 3);
    const found = { naftiko: [], peer: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const names = Object.keys(services);
      for (const name of round % 2 === 0 ? names : names.reverse())
        found[name].push(await load(services[name], asked, SECONDS));
    }
    const [ours, peer] = [found.naftiko, found.peer].map(figures => median(figures).toFixed(0));
    console.log(
      `${revision}: ${ours} µs of processor time a call, by hand ${peer} µs, ${ratio(found.naftiko, found.peer).toFixed(2)}×`,
    );
  }
} finally {
  for (const { pool, child } of Object.values(services)) {
    await pool.close();
    child.kill();
  }
  upstream.kill();
  await rm(folder, { recursive: true });
}

/** Calls for some time. Returns the processor time of the server for each call, in microseconds. */
async function load({ pool, child }, { headers, more }, seconds) {
  const end = performance.now() + seconds * 1000;
  const before = cpuMicros(child.pid);
  let calls = 0;
  const caller = async () => {
    while (performance.now() < end) {
      const id = ++calls;
      const params = { name: "key", arguments: { id: "ak_1", limit: 10 }, ...more };
      const body = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
      const answer = await pool.request({ method: "POST", path: "/mcp", headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !text.includes('"key":"ak_1"')) throw new Error(text);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (cpuMicros(child.pid) - before) / calls;
}

/** Returns the processor time of a process, with its threads, in microseconds. A tick of the kernel is 10 ms. */
function cpuMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function startOurs() {
  const command = path.join(root, "dist", "naftiko.cjs");
  const child = spawn(process.execPath, ["--", command, "serve", path.join(folder, "keys.yaml")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = await new Promise((resolve, reject) => {
    let told = "";
    child.stderr.on("data", data => {
      told += data;
      const found = /on (http:\/\/\S+)/.exec(told);
      if (found) resolve(found[1]);
    });
    child.on("exit", () => reject(new Error(told)));
  });
  return { child, pool: new Pool(url, { connections: CALLERS }) };
}

async function startPeer() {
  const child = fork(path.join(import.meta.dirname, "mcp-peer.mjs"), [upstreamUrl]);
  const { port } = await message(child);
  return { child, pool: new Pool(`http://127.0.0.1:${port}`, { connections: CALLERS }) };
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", code => reject(new Error(`A process has ended with ${code}`)));
  });
}

function capability(baseUri) {
  return `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: clerk
      baseUri: ${baseUri}
      resources:
        - path: /api_keys/{id}
          name: keys
          operations:
            - name: get-key
              method: GET
              inputParameters:
                - { name: id, in: path, type: string }
                - { name: limit, in: query, type: integer }
  exposes:
    - type: mcp
      namespace: keys
      port: 0
      tools:
        - name: key
          description: Reads a key
          inputParameters:
            - { name: id, type: string, description: The key }
            - { name: limit, type: integer, required: false, description: Most items }
          call: clerk.get-key
          with: { id: keys.id, limit: keys.limit }
          outputParameters:
            - type: object
              properties:
                key: { type: string, mapping: $.id }
                kind: { type: string, mapping: $.object }
                text: { type: string, mapping: $.note }
`;
}
