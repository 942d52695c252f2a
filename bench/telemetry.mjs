import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { SecretMask } from "../dist/base/mask-secrets.js";
import { openRuntime } from "../dist/engine/open.js";
import { Telemetry } from "../dist/telemetry/telemetry.js";
import { interleave, median, ratio, row } from "./measure.mjs";

// Served calls with telemetry and without: processor time of this process a call, over keep-alive connections to a server in
// a process of its own. What a server does for a request besides the call is the same for all, and left out.

const CALLS = 3_000;
const CONCURRENCY = 50;

export async function benchTelemetry({ rounds = 15 } = {}) {
  const server = fork(path.join(import.meta.dirname, "server.mjs"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [{ port }] = await once(server, "message");
  const shares = { off: undefined, none: 0, tenth: 0.1, all: 1 };
  const opened = await Promise.all(Object.values(shares).map(sampling => openServed(port, sampling)));
  try {
    const candidates = Object.keys(shares).map((name, index) => [name, () => processorTime(opened[index].call)]);
    const figures = await interleave(Object.fromEntries(candidates), { rounds, warmUp: 3 });
    return [
      row("processor time of a call with numbers alone / without telemetry", ratio(figures.none, figures.off), "–"),
      row(
        "processor time of a call with a tenth of the traces / without telemetry",
        ratio(figures.tenth, figures.off),
        "≤ 1.03",
      ),
      row("processor time of a call with all traces kept / without telemetry", ratio(figures.all, figures.off), "–"),
      row("a call without telemetry, for scale", median(figures.off) * 1_000, "–", " µs"),
    ];
  } finally {
    await Promise.all(opened.map(({ runtime }) => runtime.close()));
    server.disconnect();
  }
}

async function openServed(port, sampling) {
  const telemetry = sampling === undefined ? undefined : new Telemetry();
  telemetry?.configure({ sampling, propagation: "w3c", traceBuffer: 100 }, undefined);
  const options = { env: { CLERK_SECRET_KEY: "sk_bench" }, baseUri: `http://127.0.0.1:${port}/v1` };
  const surroundings = { cwd: process.cwd(), secrets: new SecretMask(), telemetry };
  const runtime = await openRuntime("clerk-backend-api-api-keys", options, surroundings);
  const inputs = { apiKeyID: "ak_1" };
  const headers = { accept: "*/*", host: "localhost" };
  const operation = { route: "/keys/{id}", reference: "keys.get" };
  const call = async () => {
    const request = telemetry?.serve("rest", "GET", headers);
    request?.found(operation);
    // A server ends the call when its client goes.
    const { signal } = new AbortController();
    await runtime.call("getApiKey", inputs, { signal, span: request?.span }, "value");
    request?.end(200, undefined);
  };
  return { runtime, call };
}

/** Returns the milliseconds of processor time a call. */
async function processorTime(call) {
  const before = process.cpuUsage();
  let begun = 0;
  const lanes = Array.from({ length: CONCURRENCY }, async () => {
    while (begun++ < CALLS) await call();
  });
  await Promise.all(lanes);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / CALLS;
}
