import { fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pool } from "undici";
import { median, ratio } from "./measure.mjs";

// node bench/serve.mjs [seconds] : throughput of `naftiko serve`, in one run beside a service that is written by hand with
// fastify and undici and does the same mapping. Closed loops of 1, 10, 50 and 200 callers, and an open one at 70% of
// the most. Linux alone: processor times come from /proc.

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 3;
const CALLERS = [1, 10, 50, 200];
const TARGET = "/keys/ak_1?limit=10";
const root = path.resolve(import.meta.dirname, "..");

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
const upstream = fork(path.join(import.meta.dirname, "server.mjs"));
const upstreamUrl = `http://127.0.0.1:${(await message(upstream)).port}`;
await writeFile(path.join(folder, "keys.yaml"), capability(upstreamUrl));
const services = { naftiko: await startOurs(), peer: await startPeer() };
try {
  // Both are compiled by V8 while they run: a server's first seconds are not its usual ones.
  for (const service of Object.values(services)) await closedLoop(service, 50, 5);
  for (const callers of CALLERS) await compare(`${callers} callers`, service => closedLoop(service, callers));
  const most = await closedLoop(services.peer, 50);
  const rate = 0.7 * most.perSecond;
  await compare(`open loop, ${Math.round(rate)} a second`, service => openLoop(service, rate));
} finally {
  for (const { pool, child } of Object.values(services)) {
    await pool.close();
    child.kill();
  }
  upstream.kill();
  await rm(folder, { recursive: true });
}

/** Measures both in turn, and prints their figures and the medians of their ratios. */
async function compare(what, measure) {
  const found = { naftiko: [], peer: [] };
  for (const service of Object.values(services)) await closedLoop(service, 50, 0.5);
  for (let round = 0; round < ROUNDS; round++) {
    const names = Object.keys(services);
    for (const name of round % 2 === 0 ? names : names.reverse()) found[name].push(await measure(services[name]));
  }
  console.log(`\n${what}`);
  for (const [name, figures] of Object.entries(found)) {
    const middle = member => median(figures.map(figure => figure[member]));
    const times = ["p50", "p99", "p999"].map(member => `${member} ${middle(member).toFixed(2)} ms`).join(", ");
    const rest = `${times}, ${middle("cpuMicros").toFixed(0)} µs of processor time a request`;
    console.log(`  ${name.padEnd(8)} ${middle("perSecond").toFixed(0)} a second, ${rest}`);
  }
  const of = member => ratio(...["naftiko", "peer"].map(name => found[name].map(figure => figure[member])));
  console.log(`  throughput ${of("perSecond").toFixed(2)}×, processor time ${of("cpuMicros").toFixed(2)}×`);
}

async function closedLoop(service, callers, seconds = SECONDS) {
  const meter = startMeter(service);
  const end = performance.now() + seconds * 1000;
  const caller = async () => {
    while (performance.now() < end) await meter.call(performance.now());
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return meter.figures();
}

/** Calls at a rate, whether or not earlier calls have ended. Their times count from when they were due. */
async function openLoop(service, rate) {
  const meter = startMeter(service);
  const start = performance.now();
  const count = Math.round(rate * SECONDS);
  const calls = [];
  while (calls.length < count) {
    const due = start + (calls.length / rate) * 1000;
    if (due > performance.now()) await new Promise(resolve => setImmediate(resolve));
    else calls.push(meter.call(due));
  }
  await Promise.all(calls);
  return meter.figures();
}

function startMeter({ pool, child }) {
  const times = [];
  const cpu = cpuMicros(child.pid);
  const start = performance.now();
  return {
    async call(due) {
      const { statusCode, body } = await pool.request({ method: "GET", path: TARGET });
      await body.dump();
      if (statusCode !== 200) throw new Error(`A call was answered with ${statusCode}`);
      times.push(performance.now() - due);
    },
    figures() {
      const seconds = (performance.now() - start) / 1000;
      times.sort((a, b) => a - b);
      const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      return {
        perSecond: times.length / seconds,
        ...{ p50: at(0.5), p99: at(0.99), p999: at(0.999) },
        cpuMicros: (cpuMicros(child.pid) - cpu) / times.length,
      };
    },
  };
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
  return { child, pool: new Pool(url, { connections: 256 }) };
}

async function startPeer() {
  const child = fork(path.join(import.meta.dirname, "serve-peer.mjs"), [upstreamUrl]);
  const { port } = await message(child);
  return { child, pool: new Pool(`http://127.0.0.1:${port}`, { connections: 256 }) };
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
    - type: rest
      namespace: keys
      port: 0
      resources:
        - path: /keys/{id}
          operations:
            - method: GET
              name: key
              inputParameters:
                - { name: id, in: path, type: string, pattern: "^ak_[0-9]+$", description: The key }
                - { name: limit, in: query, type: integer, description: Most items }
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
