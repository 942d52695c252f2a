import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { encode as encodeOld } from "gpt-tokenizer/encoding/cl100k_base";
import { encode as encodeNew } from "gpt-tokenizer/encoding/o200k_base";
import { cpuMicros } from "./beside-peer.mjs";
import { madeUpFiles, madeUpText } from "./search/made-up-files.mjs";
import { questions } from "./search/score.mjs";

// node bench/mcp-search.mjs [folder] : searches of `naftiko mcp --http` over 45,000 operations, or those of a folder, by the
// official client, one after the other. Linux alone: memory and processor time come from /proc.

const root = path.resolve(import.meta.dirname, "..");
const place = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
const folder = path.resolve(process.argv[2] ?? path.join(place, "files"));
if (process.argv[2] === undefined) {
  await mkdir(folder);
  for (const file of madeUpFiles(4_500)) await writeFile(path.join(folder, `${file.name}.yaml`), madeUpText(file));
}
try {
  console.log("First start, without an index");
  await measure({ rounds: 1 });
  console.log("Second start");
  await measure({ rounds: 3 });
} finally {
  await rm(place, { recursive: true });
}

async function measure({ rounds }) {
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(root, "dist/naftiko.cjs"), "mcp", folder, "--http", "127.0.0.1:0"], {
    env: { ...process.env, XDG_CACHE_HOME: path.join(place, "cache"), NAFTIKO_PATH: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise(resolve => {
    let text = "";
    child.stderr.on("data", chunk => {
      text += chunk;
      const [, found] = /listens on (\S+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(address)));
  const listed = JSON.stringify(await client.listTools());
  console.log(`  ready after ${ms(performance.now() - began)}; the tools cost ${tokens(listed)} tokens`);
  const search = async question => {
    const start = performance.now();
    const { content, isError } = await client.callTool({ name: "search_operations", arguments: { query: question } });
    return { time: performance.now() - start, cost: tokens(content[0].text), isError };
  };
  const waited = performance.now();
  // It answers that files are still being read, if that takes long.
  while ((await search("rotate the secret of an invoice")).isError);
  console.log(`  the first search was answered after ${ms(performance.now() - waited)}`);
  const asked = Object.values(questions).flat();
  const found = [];
  const before = cpuMicros(child.pid);
  for (let round = 0; round < rounds; round++) for (const { question } of asked) found.push(await search(question));
  const times = found.map(({ time }) => time).sort((a, b) => a - b);
  const quantile = share => ms(times[Math.floor(times.length * share)]);
  console.log(`  ${times.length} searches: median ${quantile(0.5)}, 95th percentile ${quantile(0.95)}`);
  console.log(`  ${ms((cpuMicros(child.pid) - before) / 1000 / times.length)} of processor time each`);
  console.log(`  an answer costs at most ${Math.max(...found.map(({ cost }) => cost))} tokens`);
  const [, resident] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
  console.log(`  ${Math.round(resident / 1024)} MiB of memory`);
  await client.close();
  child.kill();
  await new Promise(resolve => child.once("exit", resolve));
}

function tokens(text) {
  return Math.max(encodeNew(text).length, encodeOld(text).length);
}

function ms(time) {
  return `${time.toFixed(1)} ms`;
}
