// Measures `naftiko batch` beside a loop that a person would write: undici, 50 requests at once, results as JSON lines.
// Both call the same server, in a process of its own, one after the other in turns.
//
//   node bench/batch.mjs [rows] [turns] [--memory N]
//
// With --memory, one more batch of N rows tells the most memory that it takes.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const CONCURRENCY = 50;
const COMMAND = path.resolve(import.meta.dirname, "../dist/naftiko.cjs");

if (process.argv[2] === "server") serve();
else if (process.argv[2] === "loop") await loop(process.argv[3], process.argv[4], process.argv[5]);
else await measure();

/** Answers each order with itself. */
function serve() {
  const server = createServer((request, response) => {
    const id = request.url.slice(request.url.lastIndexOf("/") + 1);
    response.setHeader("content-type", "application/json");
    response.end(`{"id":"${id}","name":"order ${id}","items":[{"sku":"a","count":2},{"sku":"b","count":1}]}`);
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

/** Calls for each row of a file of two columns, as a script of 30 lines does. */
async function loop(port, from, out) {
  const { Pool } = await import(
    pathToFileURL(path.resolve(import.meta.dirname, "../node_modules/undici/index.js")).href
  );
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONCURRENCY });
  const output = createWriteStream(out);
  const lines = createInterface({ input: createReadStream(from) })[Symbol.asyncIterator]();
  await lines.next();
  let row = 0;
  const lane = async () => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done) return;
      const number = ++row;
      const [id] = value.split(",");
      const startedAt = performance.now();
      const { statusCode, body } = await pool.request({ method: "GET", path: `/orders/${encodeURIComponent(id)}` });
      const { id: found, name } = await body.json();
      const ms = Math.round(performance.now() - startedAt);
      const line = { row: number, key: id, status: statusCode, outputs: { id: found, name }, attempts: 1, ms };
      if (!output.write(`${JSON.stringify(line)}\n`)) await once(output, "drain");
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  output.end();
  await once(output, "finish");
  await pool.close();
}

async function measure() {
  const numbers = process.argv.slice(2).filter(argument => /^\d+$/.test(argument));
  const memoryAt = process.argv.indexOf("--memory");
  const [rows = 20_000, turns = 3] = numbers.map(Number);
  const folder = mkdtempSync(path.join(tmpdir(), "bench-batch-"));
  const server = spawn(process.execPath, [import.meta.filename, "server"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = await once(server.stdout, "data");
    writeFileSync(path.join(folder, "shop.yaml"), capability(String(port).trim()));
    const from = path.join(folder, "rows.csv");
    writeRows(from, rows);
    const ways = {
      loop: () => [import.meta.filename, "loop", String(port).trim(), from, path.join(folder, "loop.jsonl")],
      "batch, to standard output": () => [...batch(folder, from)],
      "batch, with a journal": turn => [...batch(folder, from), "--out", path.join(folder, `out-${turn}.jsonl`)],
    };
    const best = {};
    for (let turn = 0; turn < turns; turn++) {
      for (const [name, args] of Object.entries(ways)) {
        const { seconds, processorSeconds } = run(args(turn), folder);
        const before = best[name] ?? { seconds: Number.POSITIVE_INFINITY, processorSeconds: Number.POSITIVE_INFINITY };
        best[name] = {
          seconds: Math.min(before.seconds, seconds),
          processorSeconds: Math.min(before.processorSeconds, processorSeconds),
        };
      }
    }
    // Starting a process is no part of working rows off.
    const start = Math.min(...[1, 2, 3].map(() => run([COMMAND, "--version"], folder).seconds));
    console.log(
      `${rows} rows, ${CONCURRENCY} at once, best of ${turns}; the start of a process takes ${start.toFixed(2)} s`,
    );
    for (const [name, { seconds, processorSeconds }] of Object.entries(best)) {
      const ratio = best.loop.seconds / seconds;
      const processorRatio = best.loop.processorSeconds / processorSeconds;
      console.log(
        `${name.padEnd(26)} ${seconds.toFixed(2)} s  ${Math.round(rows / seconds)} rows/s  ${ratio.toFixed(2)}x of the loop, by processor time ${processorRatio.toFixed(2)}x`,
      );
    }
    if (memoryAt > 0) {
      const many = Number(process.argv[memoryAt + 1]);
      writeRows(from, many);
      const out = path.join(folder, "many.jsonl");
      const { seconds, maxMegabytes } = run([...batch(folder, from), "--out", out], folder);
      console.log(
        `${many} rows with a journal: ${seconds.toFixed(1)} s, at most ${maxMegabytes} MB, ${statSync(out).size} bytes`,
      );
    }
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function batch(folder, from) {
  const options = ["--concurrency", String(CONCURRENCY), "--quiet"];
  return [COMMAND, "batch", path.join(folder, "shop.yaml"), "get", "--from", from, ...options];
}

/** Runs a program of Node, with its output in a file, and tells its time and its most memory. */
function run(args, folder) {
  const report = path.join(folder, "report.txt");
  const begunAt = performance.now();
  const words = [
    "-c",
    `exec "$0" "$@" > ${path.join(folder, "printed.jsonl")}`,
    process.execPath,
    "--import",
    reporter(folder, report),
    ...args,
  ];
  execFileSync("sh", words, { stdio: ["ignore", "inherit", "inherit"] });
  return { seconds: (performance.now() - begunAt) / 1_000, ...JSON.parse(readFileSync(report, "utf8")) };
}

function reporter(folder, report) {
  const file = path.join(folder, "reporter.mjs");
  writeFileSync(
    file,
    `import { writeFileSync } from "node:fs";
    process.on("exit", () => {
      const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
      const report = { maxMegabytes: Math.round(maxRSS / 1024), processorSeconds: (userCPUTime + systemCPUTime) / 1e6 };
      writeFileSync(${JSON.stringify(report)}, JSON.stringify(report));
    });`,
  );
  return file;
}

function writeRows(file, rows) {
  let text = "id,note\n";
  for (let row = 1; row <= rows; row++) text += `${row},some text of row ${row}\n`;
  writeFileSync(file, text);
}

function capability(port) {
  return `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: http://127.0.0.1:${port}
      resources:
        - name: orders
          path: /orders/{id}
          operations:
            - name: get
              method: GET
              inputParameters:
                - { name: id, in: path }
              outputParameters:
                - { name: id, type: string, value: $.id }
                - { name: name, type: string, value: $.name }
`;
}
