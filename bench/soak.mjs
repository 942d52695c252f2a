import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openCapability } from "../dist/index.js";

// npm run bench:soak [-- <minutes>] : calls APIs for a while, 50 at once, where one call in twenty meets a fault, and
// says what the process holds at the beginning, at the end, and when all is closed. Exit code 1 where that grows.

const MINUTES = Number(process.argv[2] ?? 5);
const CONCURRENCY = 50;
const FAULTS = 0.05;
const WARM_UP_MS = 10_000;
const REPORT_EVERY_MS = 30_000;
/** Most growth of a heap from one moment to another. */
const MOST_GROWTH_MB = 20;

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc");

const healthy = await start("server.mjs");
const faulty = await start("soak-server.mjs");
const api = await open(healthy.message.port);
const faults = await Promise.all(faulty.message.rows.map(async ({ what, port }) => ({ what, api: await open(port) })));
console.log(`${MINUTES} min, ${CONCURRENCY} at once, ${FAULTS * 100} % of the calls to ${faults.length} faulty APIs`);
// Behind the first line: standard output is a handle too, once it is used.
const atRest = await holdings();

const outcomes = new Map();
let calls = 0;
await soak(WARM_UP_MS);
const before = await holdings();
report("start", before);
const end = performance.now() + MINUTES * 60_000;
while (performance.now() < end) {
  await soak(Math.min(REPORT_EVERY_MS, end - performance.now()));
  report(`${Math.round((end - performance.now()) / 1000)} s left`, await holdings());
}
const after = await holdings();
report("end", after);
await Promise.all([api, ...faults.map(fault => fault.api)].map(capability => capability.close()));
await pause(1_000);
const closed = await holdings();
report("closed", closed);
console.log(`${calls} calls: ${[...outcomes].map(([code, count]) => `${code} ${count}`).join(", ")}`);
for (const { child } of [healthy, faulty]) child.disconnect();

const grown = after.heapMb - before.heapMb;
const left = Object.entries(closed.resources).filter(([name, count]) => count > (atRest.resources[name] ?? 0));
if (grown > MOST_GROWTH_MB) console.log(`The heap has grown by ${grown.toFixed(1)} MB`);
if (left.length > 0) console.log(`Left open: ${left.map(([name, count]) => `${name} ${count}`).join(", ")}`);
process.exitCode = grown > MOST_GROWTH_MB || left.length > 0 ? 1 : 0;

async function start(script) {
  const child = fork(path.join(import.meta.dirname, script), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [message] = await once(child, "message");
  return { child, message };
}

function open(port) {
  return openCapability("clerk-backend-api-api-keys", {
    env: { CLERK_SECRET_KEY: "sk_soak" },
    baseUri: `http://127.0.0.1:${port}/v1`,
    timeoutMs: 300,
    retries: 0,
    maxResponseBytes: 1_000_000,
  });
}

async function soak(forMs) {
  const until = performance.now() + forMs;
  const worker = async () => {
    while (performance.now() < until) {
      const isFaulty = Math.random() < FAULTS;
      const fault = faults[Math.floor(Math.random() * faults.length)];
      const outcome = await call(isFaulty ? fault.api : api);
      calls++;
      const name = isFaulty ? outcome : outcome === "done" ? "healthy" : `healthy ${outcome}`;
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function call(capability) {
  try {
    await capability.run("getApiKey", { apiKeyID: "ak_1" });
    return "done";
  } catch (error) {
    if (error.code === undefined) throw error;
    return error.code;
  }
}

/** Returns the memory and the active resources of the process at rest. */
async function holdings() {
  await pause(500);
  collectGarbage();
  collectGarbage();
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  return { heapMb: (heapUsed + arrayBuffers) / 1e6, rssMb: rss / 1e6, resources };
}

function report(when, { heapMb, rssMb, resources }) {
  const open = Object.entries(resources).map(([name, count]) => `${name} ${count}`);
  console.log(
    `${when}: heap and buffers ${heapMb.toFixed(1)} MB, resident ${rssMb.toFixed(0)} MB, ${calls} calls, open: ${open.join(", ")}`,
  );
}
