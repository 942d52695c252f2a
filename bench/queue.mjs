// Rows through `naftiko worker`, beside a bare worker of BullMQ that sends the same requests by undici, on one Redis:
//   .ci/services node bench/queue.mjs [rows]
// The rows are on the queue before the time begins. A bare worker with a timer of 1 ms shows what the queue itself can do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { Queue, Worker } from "bullmq";
import { build } from "esbuild";
import { Redis } from "ioredis";
import { Pool } from "undici";

const CONCURRENCY = 50;
const BATCH = "bench";
const [role, ...given] = process.argv.slice(2);
const roles = { upstream, bare };

if (Object.hasOwn(roles, role ?? "")) await roles[role](...given);
else await compare(Number(role ?? 20_000));

/** Answers each request after a millisecond. */
async function upstream() {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: request.url, name: "some order" }));
    }, 1);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  process.stdout.write(`${server.address().port}\n`);
}

/** Works jobs off as a program would that has BullMQ and undici, and tells how many there were. */
async function bare(work, url, name, port) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONCURRENCY });
  const call = async ({ data }) => {
    const { statusCode, body } = await pool.request({ method: "GET", path: `/orders/${data.inputs.id}` });
    return { row: data.row, status: statusCode, outputs: await body.json() };
  };
  const wait = () => new Promise(resolve => setTimeout(resolve, 1));
  const settings = { connection: { url }, concurrency: CONCURRENCY, autorun: false };
  const worker = new Worker(name, work === "timer" ? wait : call, settings);
  await worker.waitUntilReady();
  process.stdout.write("ready\n");
  void worker.run();
}

async function compare(rows) {
  const url = process.env.NAFTIKO_TEST_REDIS;
  if (url === undefined) throw new Error("NAFTIKO_TEST_REDIS is not set: run it by .ci/services");
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
  const api = spawn(process.execPath, [import.meta.filename, "upstream"], { stdio: ["ignore", "pipe", "inherit"] });
  const redis = new Redis(url);
  try {
    const port = String(await once(api.stdout, "data")).trim();
    const results = { timer: [], undici: [], naftiko: [] };
    for (let round = 0; round < 3; round++) {
      results.timer.push(await timeBare("timer", rows, { url, port, redis }));
      results.undici.push(await timeBare("undici", rows, { url, port, redis }));
      results.naftiko.push(await timeNaftiko(rows, { url, port, redis, folder }));
    }
    const best = name => Math.max(...results[name]);
    for (const name of Object.keys(results)) {
      const all = results[name].map(perSecond => Math.round(perSecond)).join(", ");
      process.stdout.write(`${name.padEnd(8)} ${Math.round(best(name))} rows/s (${all})\n`);
    }
    const ratio = (name, other) => (best(name) / best(other)).toFixed(2);
    process.stdout.write(`naftiko is ${ratio("naftiko", "undici")} of bare BullMQ with undici, `);
    process.stdout.write(`${ratio("naftiko", "timer")} of bare BullMQ with a timer\n`);
  } finally {
    redis.disconnect();
    api.kill();
    await rm(folder, { recursive: true });
  }
}

async function timeBare(work, rows, { url, port, redis }) {
  const name = `bench-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const queue = new Queue(name, { connection: { url } });
  const options = { removeOnComplete: true };
  for (let from = 0; from < rows; from += 1_000) {
    const data = index => ({
      batch: "bench",
      row: from + index + 1,
      key: "a".repeat(22),
      inputs: { id: String(index) },
    });
    await queue.addBulk(
      Array.from({ length: 1_000 }, (_, index) => ({ name: "row", data: data(index), opts: options })),
    );
  }
  const child = spawn(process.execPath, [import.meta.filename, "bare", work, url, name, port], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const perSecond = await timed(
    rows,
    async () => rows - (await queue.getWaitingCount()) - (await queue.getActiveCount()),
  );
  child.kill("SIGKILL");
  await once(child, "exit");
  await queue.obliterate({ force: true });
  await queue.close();
  await redis.flushdb();
  return perSecond;
}

async function timeNaftiko(rows, { url, port, redis, folder }) {
  const file = path.join(folder, "shop.yaml");
  const operation = "{ name: get, method: GET, inputParameters: [ { name: id, in: path } ] }";
  const resource = `{ name: orders, path: "/orders/{id}", operations: [ ${operation} ] }`;
  const api = `{ type: http, namespace: shop, baseUri: "http://127.0.0.1:${port}", resources: [ ${resource} ] }`;
  await writeFile(file, `naftiko: 1.0.0-alpha3\ncapability:\n  consumes: [ ${api} ]\n`);
  const command = path.resolve(import.meta.dirname, "../dist/naftiko.cjs");
  await submit(file, rows, url);
  const args = ["worker", "--queue", url, "--capability", file, "--concurrency", String(CONCURRENCY)];
  const worker = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  await once(worker.stderr, "data");
  const perSecond = await timed(rows, async () => Number((await redis.hget(`naftiko:batch:${BATCH}`, "s:200")) ?? 0));
  worker.kill("SIGKILL");
  await once(worker, "exit");
  await redis.flushdb();
  return perSecond;
}

/** Compiles what puts rows on a queue: of the package it is part of the command alone. */
async function modules() {
  const names = ["base/mask-secrets", "engine/open", "queue/capability-hash", "queue/job", "queue/open-queue"];
  const contents = names.map(name => `export * from "../src/${name}.ts";`).join("\n");
  const outfile = path.resolve(import.meta.dirname, "../node_modules/.cache/naftiko-bench-queue.mjs");
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({ stdin, bundle: true, platform: "node", format: "esm", packages: "external", outfile });
  return import(outfile);
}

/** Puts the rows on the queue, as `naftiko batch --queue --detach` does. */
async function submit(file, rows, url) {
  const { SecretMask, openRuntime, capabilityHash, queuedJob, openQueue } = await modules();
  const surroundings = { cwd: process.cwd(), secrets: new SecretMask() };
  const runtime = await openRuntime(file, { env: {} }, surroundings);
  const hash = capabilityHash(runtime);
  await runtime.close();
  const queue = await openQueue(url, () => {});
  const capability = { name: "shop", hash };
  const started = new Date().toISOString();
  await queue.store.create({ id: BATCH, capability, operation: "get", started, detached: true, hasKeys: false });
  for (let from = 0; from < rows; from += 1_000) {
    const row = index => ({ batch: BATCH, row: from + index + 1, key: "a".repeat(22), inputs: { id: String(index) } });
    const jobs = Array.from({ length: 1_000 }, (_, index) => queuedJob({ ...row(index), again: false }));
    await queue.store.claim(
      BATCH,
      jobs.map(({ data }) => ({ row: data.row })),
    );
    await queue.add(hash, jobs);
  }
  await queue.store.submitted(BATCH, rows);
  await queue.store.complete(BATCH, rows);
  await queue.close();
}

/** Measures from a tenth of the rows on, when everything is compiled, to the last. */
async function timed(rows, done) {
  let startedAt;
  let before = 0;
  for (;;) {
    const count = await done();
    if (startedAt === undefined && count >= rows / 10) {
      startedAt = performance.now();
      before = count;
    }
    if (count >= rows) return ((rows - before) / (performance.now() - startedAt)) * 1_000;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
