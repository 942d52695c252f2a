import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

// npm run bench:batch-kills [-- <kills> <rows> <order>] : kills `naftiko batch` again and again at random moments, and goes
// on with --resume. Each row must be exactly once in the outputs, with one Idempotency-Key for all its requests; a kill
// may repeat no more requests than run at once; and beyond the starts of processes, the run may take 1.3 times as long as
// an undisturbed one. Exit code 1 where it does not hold.

const [kills = "200", rows = "20000", order = "finished"] = process.argv.slice(2);
const KILLS = Number(kills);
const ROWS = Number(rows);
const CONCURRENCY = 50;
const ANSWER_MS = 5;
/** Every so many-th row fails. */
const FAILING = 50;
/** Share of the kills that come before the first request. */
const EARLY = 0.1;
const MOST_RATIO = 1.3;
const COMMAND = path.join(import.meta.dirname, "../dist/naftiko.cjs");

/** Requests by row: how many came, the process of the last one, and the keys that were sent. */
const requests = new Map();
let currentProcess = 0;
/** Requests that were sent before, by the process that was killed while they ran. */
const repeats = new Map();
/** Time of the first request of the current process. */
let firstAt;
let onRequest = () => {};

const server = createServer((request, response) => {
  const row = Number(new URL(request.url, "http://x").searchParams.get("id"));
  const known = requests.get(row);
  if (known !== undefined) repeats.set(known.process, (repeats.get(known.process) ?? 0) + 1);
  const keys = known?.keys ?? new Set();
  keys.add(request.headers["idempotency-key"]);
  requests.set(row, { process: currentProcess, keys });
  firstAt ??= performance.now();
  onRequest();
  request.resume();
  setTimeout(() => {
    response.writeHead(row % FAILING === 0 ? 422 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: row, note: "x".repeat(100) }));
  }, ANSWER_MS);
});
await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-batch-kills-"));
const file = name => path.join(folder, name);
try {
  await writeFile(
    file("demo.yaml"),
    `naftiko: "1.0.0-alpha2"
capability:
  consumes:
    - type: http
      namespace: demo
      baseUri: http://127.0.0.1:${server.address().port}
      resources:
        - name: items
          path: /items
          operations:
            - name: add
              method: POST
              inputParameters:
                - { name: id, in: query, type: integer, required: true }
              outputRawFormat: json
              outputParameters:
                - { name: id, type: number, value: $.id }
                - { name: note, type: string, value: $.note }
`,
  );
  await writeFile(file("rows.csv"), `id\n${Array.from({ length: ROWS }, (_, index) => index + 1).join("\n")}\n`);
  const calm = await runToEnd("calm");
  requests.clear();
  repeats.clear();
  const killed = await runWithKills("killed");
  await report(calm, killed);
} finally {
  await rm(folder, { recursive: true, force: true });
  server.close();
  server.closeAllConnections();
}

function start(name) {
  currentProcess++;
  firstAt = undefined;
  const args = ["batch", file("demo.yaml"), "add", "--from", file("rows.csv"), "--resume", "--order", order];
  args.push(
    "--concurrency",
    String(CONCURRENCY),
    "--out",
    file(`${name}.jsonl`),
    "--failed",
    file(`${name}-failed.jsonl`),
  );
  const child = spawn(process.execPath, ["--", COMMAND, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let printed = "";
  child.stderr.setEncoding("utf8").on("data", text => {
    printed += text;
  });
  const ended = new Promise(resolve => child.on("close", (code, signal) => resolve({ code, signal, printed })));
  return { child, ended };
}

/** Runs without a kill. Returns the whole time and that until the first request, in milliseconds. */
async function runToEnd(name) {
  const startedAt = performance.now();
  const { code, printed } = await start(name).ended;
  if (code !== 5) throw new Error(`An undisturbed run ended with ${code}: ${printed}`);
  return { totalMs: performance.now() - startedAt, startMs: firstAt - startedAt };
}

async function runWithKills(name) {
  const startedAt = performance.now();
  let done = 0;
  let starts = 0;
  /** Time of all processes from their first requests on. */
  let workMs = 0;
  for (;;) {
    const { child, ended } = start(name);
    starts++;
    const plan = done < KILLS ? planKill(child, KILLS - done) : undefined;
    const { code, signal, printed } = await ended;
    plan?.cancel();
    if (firstAt !== undefined) workMs += performance.now() - firstAt;
    if (signal === "SIGKILL") {
      done++;
      continue;
    }
    if (code !== 5) throw new Error(`A run ended with ${code}: ${printed}`);
    return { totalMs: performance.now() - startedAt, kills: done, starts, workMs };
  }
}

/** Kills a process after a random number of requests and a little, or before the first one. */
function planKill(child, left) {
  const kill = () => child.kill("SIGKILL");
  if (Math.random() < EARLY) {
    const timer = setTimeout(kill, Math.random() * 300);
    return { cancel: () => clearTimeout(timer) };
  }
  let after = Math.ceil((Math.random() * 2 * (ROWS - requests.size)) / (left + 1));
  let timer;
  onRequest = () => {
    if (--after === 0) timer = setTimeout(kill, Math.random() * 2 * ANSWER_MS);
  };
  return {
    cancel() {
      onRequest = () => {};
      clearTimeout(timer);
    },
  };
}

async function report(calm, killed) {
  const read = async name =>
    (await readFile(file(name), "utf8"))
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
  const out = await read("killed.jsonl");
  const failed = await read("killed-failed.jsonl");
  const problems = [];
  const lines = new Set();
  for (const { row, status } of [...out, ...failed]) {
    if (lines.has(row)) problems.push(`row ${row} is twice in the outputs`);
    lines.add(row);
    if (status !== (row % FAILING === 0 ? 422 : 200)) problems.push(`row ${row} has the status ${status}`);
  }
  for (let row = 1; row <= ROWS; row++) if (!lines.has(row)) problems.push(`row ${row} is not in the outputs`);
  if (order === "rows" && out.some(({ row }, index) => row < (out[index - 1]?.row ?? 0))) problems.push("not in order");
  const keys = new Set();
  for (const [row, sent] of requests) {
    if (sent.keys.size !== 1) problems.push(`row ${row} was sent with ${sent.keys.size} keys`);
    for (const key of sent.keys) {
      if (keys.has(key)) problems.push(`two rows were sent with the key ${key}`);
      keys.add(key);
    }
  }
  const most = Math.max(0, ...repeats.values());
  if (most > CONCURRENCY) problems.push(`a kill repeats ${most} requests`);
  const total = [...repeats.values()].reduce((sum, count) => sum + count, 0);
  // Each process is told by its own start: the machine may have other work at one time than at another.
  const ratio = killed.workMs / (calm.totalMs - calm.startMs);
  const startMs = (killed.totalMs - killed.workMs) / killed.starts;
  if (ratio > MOST_RATIO) problems.push(`it takes ${ratio.toFixed(2)} times as long`);
  console.log(
    [
      `${ROWS} rows, ${killed.kills} kills, order ${order}: ${lines.size} rows in the outputs`,
      `requests sent twice: ${total}, at most ${most} a kill (concurrency ${CONCURRENCY})`,
      `undisturbed: ${seconds(calm.totalMs)}, of which ${Math.round(calm.startMs)} ms until the first request`,
      `killed: ${seconds(killed.totalMs)} with ${killed.starts} starts of ${Math.round(startMs)} ms; without them ${ratio.toFixed(2)} times as long`,
      ...problems.slice(0, 20).map(problem => `problem: ${problem}`),
    ].join("\n"),
  );
  if (problems.length > 0) process.exitCode = 1;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
