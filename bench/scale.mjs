import { fork, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request as send } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

// npm run bench:scale [-- --rows N --calls N …] : three servers behind a balancer and three workers, as processes, while a
// worker and a server are killed every few seconds and their Redis is stopped and started. Rows of a batch go through the
// workers, calls through the servers; both call one API, whose requests per second an overlay bounds. No row and no call may be
// lost; a kill may repeat no more requests than ran in the process; and the API may not get more than 5% beyond the bound.
// Exit code 1 where it does not hold. It needs redis-server.

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    calls: { type: "string", default: "100000" },
    /** Calls at the same time, of a worker and of the client of the servers. */
    concurrency: { type: "string", default: "10" },
    /** Seconds between two kills of a worker and a server; 0 for none. */
    kill: { type: "string", default: "4" },
    /** Seconds between two stops of Redis; 0 for none. */
    stop: { type: "string", default: "20" },
    /** Requests per second that the API takes of all together; 0 for no bound. */
    limit: { type: "string", default: "400" },
    /** Milliseconds until the API answers. */
    answer: { type: "string", default: "5" },
    /** Most minutes of it all. */
    minutes: { type: "string", default: "60" },
    /** Shows what the processes print. */
    verbose: { type: "boolean", default: false },
  },
});
const number = name => Number(values[name]);
const ROWS = number("rows");
const CALLS = number("calls");
const CONCURRENCY = number("concurrency");
const LIMIT = number("limit");
const COPIES = 3;
/** How long Redis is away, in milliseconds. */
const AWAY_MS = 2_000;
/** Over which time the bound is looked at, in milliseconds. */
const WINDOW_MS = 10_000;
const MOST_BEYOND = 1.05;
const COMMAND = path.join(import.meta.dirname, "../dist/naftiko.cjs");

const folder = await mkdtemp(path.join(tmpdir(), "naftiko-scale-"));
const file = name => path.join(folder, name);
const running = new Set();
const kills = { worker: 0, server: 0, redis: 0 };
const endsAt = performance.now() + number("minutes") * 60_000;
let isEnding = false;
/** Calls that have been answered. */
let done = 0;
/** How calls were answered that were asked for again. */
const refusals = new Map();

async function run() {
  const redis = new Program("redis", await redisWords());
  const { port: upstream, child: api } = await forked("upstream.mjs", values.answer);
  await writeFile(file("scale.yaml"), capability(upstream));
  const limits = LIMIT === 0 ? "{}" : `{ requestsPerSecond: ${LIMIT} }`;
  await writeFile(file("naftiko.config.yaml"), `capabilities:\n  scale: ${limits}\n`);
  await writeFile(file("rows.csv"), `id\n${Array.from({ length: ROWS }, (_, row) => row + 1).join("\n")}\n`);
  const url = `redis://127.0.0.1:${redis.port}`;
  const ports = await Promise.all(Array.from({ length: COPIES }, freePort));
  const config = ["--config", "naftiko.config.yaml"];
  const servers = ports.map(
    port =>
      new Program("server", ["serve", "scale.yaml", "--port", String(port), "--redis", url, ...config], / served on /),
  );
  const worker = [
    "worker",
    "--queue",
    url,
    "--capability",
    "scale.yaml",
    "--concurrency",
    String(CONCURRENCY),
    ...config,
  ];
  const workers = ROWS === 0 ? [] : ports.map(() => new Program("worker", worker, /takes rows/));
  await redis.start();
  await Promise.all([...servers, ...workers].map(program => program.start()));
  const { port: balancer } = await forked("balancer.mjs", ...ports);

  const startedAt = performance.now();
  const batch = new Program("batch", [
    ...["batch", "scale.yaml", "do-row", "--from", "rows.csv", "--out", "out.jsonl", "--queue", url, ...config],
  ]);
  const ended = { rows: undefined, calls: undefined };
  const seconds = () => (performance.now() - startedAt) / 1000;
  const faults = [injectKills(workers, servers), injectStops(redis)];
  const work = Promise.all([
    (ROWS === 0 ? Promise.resolve(0) : batch.runToEnd()).then(code => {
      ended.rows = seconds();
      return code;
    }),
    callAll(balancer).then(done => {
      ended.calls = seconds();
      return done;
    }),
  ]);
  const progress = setInterval(
    () => console.error(`${seconds().toFixed(0)} s: ${JSON.stringify({ ...kills, calls: done })}`),
    10_000,
  );
  const tooLong = new AbortController();
  const [code, answered] = await Promise.race([
    work,
    pause(endsAt - performance.now(), undefined, { signal: tooLong.signal }).then(() => {
      throw new Error(`It has not ended in ${values.minutes} minutes`);
    }),
  ]);
  tooLong.abort();
  clearInterval(progress);
  isEnding = true;
  await Promise.all(faults);
  const report = await (await fetch(`http://127.0.0.1:${upstream}/report`)).json();
  api.disconnect();
  judge({ code, answered, ended, ...report, rows: await readRows() });
}

/** Sends all calls through the balancer, each again until it is answered. Returns how often each was answered. */
async function callAll(port) {
  const agent = new Agent({ keepAlive: true });
  const answered = new Map();
  let next = 1;
  const send = async () => {
    while (next <= CALLS && !isEnding) {
      const id = next++;
      while (!(await isAnswered(agent, port, id))) await pause(50);
      answered.set(id, (answered.get(id) ?? 0) + 1);
      done++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, send));
  agent.destroy();
  return answered;
}

function isAnswered(agent, port, id) {
  return new Promise(resolve => {
    const headers = { "content-length": "0", "idempotency-key": `call-${id}` };
    const request = send(
      { agent, host: "127.0.0.1", port, method: "POST", path: `/scale/calls/${id}`, headers },
      answer => {
        let text = "";
        answer.on("data", part => (text += part));
        answer.on("error", () => resolve(false));
        answer.on("end", () => {
          const isDone = answer.statusCode === 200 && text === `{"id":"${id}"}`;
          if (!isDone) count(refusals, `${answer.statusCode} ${text.slice(0, 200)}`);
          resolve(isDone);
        });
      },
    );
    request.on("error", error => {
      count(refusals, error.code);
      resolve(false);
    });
    request.end();
  });
}

async function injectKills(workers, servers) {
  if (number("kill") === 0) return;
  while (!isEnding) {
    await pauseUnlessEnding(number("kill") * 1000);
    if (isEnding) return;
    await Promise.all(
      [workers, servers].map(programs => programs[Math.floor(Math.random() * programs.length)]?.restart("SIGKILL")),
    );
  }
}

/** Stops Redis in good order, so that its file has all that it took, and starts it again a while later. */
async function injectStops(redis) {
  if (number("stop") === 0) return;
  while (!isEnding) {
    await pauseUnlessEnding(number("stop") * 1000);
    if (isEnding) return;
    await redis.restart("SIGTERM", AWAY_MS);
  }
}

async function pauseUnlessEnding(ms) {
  for (const until = performance.now() + ms; performance.now() < until && !isEnding; ) await pause(50);
}

/** A process that is started again and again with the same words. */
class Program {
  constructor(kind, words, ready) {
    Object.assign(this, { kind, words, ready, port: kind === "redis" ? Number(words[1]) : undefined });
  }

  /** Starts it, and waits until it says that it is ready. */
  async start() {
    if (isEnding) return;
    const [program, ...args] =
      this.kind === "redis" ? ["redis-server", ...this.words] : [process.execPath, "--", COMMAND, ...this.words];
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH },
    });
    running.add(child);
    this.child = child;
    child.ended = new Promise(resolve =>
      child.on("close", code => {
        running.delete(child);
        resolve(code);
      }),
    );
    const ready = this.kind === "redis" ? /Ready to accept connections/ : this.ready;
    let printed = "";
    const isReady = new Promise(resolve => {
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", text => {
          if (values.verbose && this.kind !== "redis") process.stderr.write(`${this.kind} ${child.pid}: ${text}`);
          printed = `${printed}${text}`.slice(-4_000);
          if (ready?.test(printed)) resolve();
        });
    });
    if (ready === undefined) return;
    const code = await Promise.race([isReady, child.ended]);
    // Without Redis a worker ends after a while: whoever runs it starts it again.
    if (code !== undefined && !isEnding) {
      console.error(`${this.kind} ended with ${code}: ${printed}`);
      await this.start();
    }
  }

  async restart(signal, awayMs = 0) {
    kills[this.kind]++;
    this.child.kill(signal);
    await this.child.ended;
    await pauseUnlessEnding(awayMs);
    await this.start();
  }

  async runToEnd() {
    await this.start();
    let printed = "";
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on("data", text => (printed += text));
    const code = await this.child.ended;
    console.error(printed.slice(-2_000));
    return code;
  }
}

async function redisWords() {
  const words = ["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--maxmemory-policy", "noeviction"];
  return ["--port", String(await freePort()), "--appendonly", "yes", "--appendfsync", "everysec", ...words];
}

async function forked(name, ...args) {
  const child = fork(path.join(import.meta.dirname, "scale", name), args.map(String), { stdio: "inherit" });
  running.add(child);
  child.ended = new Promise(resolve => child.on("close", () => resolve(running.delete(child))));
  const { port } = await new Promise(resolve => child.once("message", resolve));
  return { child, port };
}

async function readRows() {
  const found = new Map();
  const statuses = new Map();
  if (ROWS === 0) return { found, statuses };
  for await (const line of createInterface({ input: createReadStream(file("out.jsonl")) })) {
    const { row, status, outputs } = JSON.parse(line);
    count(statuses, status);
    if (status === 200 && outputs?.id === String(row)) count(found, row);
  }
  return { found, statuses };
}

/** Prints one table, and whether each figure is as it has to be. */
function judge({ code, answered, ended, rows, counts, times }) {
  const repeats = prefix => counts.reduce((sum, [url, many]) => (url.startsWith(prefix) ? sum + many - 1 : sum), 0);
  const sent = new Set(counts.map(([url]) => url));
  const missing = (many, prefix, known) =>
    Array.from({ length: many }, (_, index) => index + 1).filter(
      id => known.get(id) !== 1 || !sent.has(`${prefix}${id}`),
    ).length;
  const most = mostIn(times, WINDOW_MS) / (WINDOW_MS / 1000);
  const table = [
    ["rows", ROWS, ""],
    ["rows lost, or twice in the output", missing(ROWS, "/rows/", rows.found), 0],
    ["rows sent again", repeats("/rows/"), kills.worker * CONCURRENCY],
    ["calls", CALLS, ""],
    ["calls lost", missing(CALLS, "/calls/", answered), 0],
    ["calls sent again", repeats("/calls/"), kills.server * CONCURRENCY],
    ["workers killed", kills.worker, ""],
    ["servers killed", kills.server, ""],
    ["Redis stopped", kills.redis, ""],
    ["exit code of the batch", code, 0],
    [`most requests per second, over ${WINDOW_MS / 1000} s`, most, LIMIT === 0 ? "" : LIMIT * MOST_BEYOND],
    ["rows per second", ROWS / ended.rows, ""],
    ["calls per second", CALLS / ended.calls, ""],
  ];
  for (const [what, value, bound] of table) {
    const isGood = bound === "" || value <= bound;
    if (!isGood) process.exitCode = 1;
    const shown = Number.isInteger(value) ? String(value) : value.toFixed(1);
    console.log(
      `${what.padEnd(44)} ${shown.padStart(9)}  ${bound === "" ? "" : `at most ${bound}${isGood ? "" : "  NOT HELD"}`}`,
    );
  }
  console.log(`rows by status: ${JSON.stringify(Object.fromEntries(rows.statuses))}`);
  console.log(`answers that were asked for again: ${JSON.stringify(Object.fromEntries(refusals))}`);
}

/** Returns the most of sorted times that are within a span. */
function mostIn(times, span) {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while (time - times[first] >= span) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1);
}

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

function capability(port) {
  const operation = name =>
    `{ name: do-${name}, method: POST, inputParameters: [ { name: id, in: path, type: string } ], outputParameters: [ { name: id, type: string, value: $.id } ] }`;
  return `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: http://127.0.0.1:${port}
      resources:
        - { name: rows, path: "/rows/{id}", operations: [ ${operation("row")} ] }
        - { name: calls, path: "/calls/{id}", operations: [ ${operation("call")} ] }
  exposes:
    - type: rest
      namespace: gate
      port: 0
      resources:
        - path: /calls/{id}
          operations:
            - method: POST
              name: call
              call: api.do-call
              with: { id: gate.id }
`;
}

try {
  await run();
} finally {
  isEnding = true;
  for (const child of running) child.kill("SIGKILL");
  await Promise.all([...running].map(child => child.ended));
  await rm(folder, { recursive: true, force: true });
}
