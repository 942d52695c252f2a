import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { interleave, median, ratio, row } from "./measure.mjs";

// Time from the start of `naftiko mcp` to its first answer, over standard input and output, next to `node -e 0`.

const root = path.resolve(import.meta.dirname, "..");
const client = { name: "bench", version: "1" };
const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: client };
const modern = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": client,
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};
/** First requests of clients. */
const FIRST = {
  initialize: { method: "initialize", params },
  discover: { method: "server/discover", params: modern },
};

export async function benchMcpStart({ rounds = 20 } = {}) {
  const home = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
  const env = { PATH: process.env.PATH, HOME: home, CLERK_SECRET_KEY: "sk_bench" };
  const command = [path.join(root, "dist/naftiko.cjs"), "mcp", "clerk-backend-api-api-keys"];
  try {
    const figures = await interleave(
      {
        initialize: () => firstAnswer(command, FIRST.initialize, env),
        discover: () => firstAnswer(command, FIRST.discover, env),
        node: () => firstAnswer(["-e", "console.log(0)"], undefined, env),
      },
      { rounds, warmUp: 3 },
    );
    return [
      row("first answer of `naftiko mcp` / a line of `node -e`", ratio(figures.initialize, figures.node), "–"),
      row("first answer of `naftiko mcp`", median(figures.initialize), "≤ 300 on a quiet machine", " ms"),
      row("the same in revision 2026-07-28", median(figures.discover), "≤ 300 on a quiet machine", " ms"),
      row("a line of `node -e`, for scale", median(figures.node), "–", " ms"),
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Returns the time to the first bytes on standard output, in milliseconds. The process ends by itself after them. */
async function firstAnswer(args, request, env) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["pipe", "pipe", "ignore"] });
  const exited = once(child, "exit");
  if (request !== undefined) child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, ...request })}\n`);
  await once(child.stdout, "data");
  const elapsed = performance.now() - start;
  child.stdin.end();
  const [code] = await exited;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return elapsed;
}

if (process.argv[1] === import.meta.filename)
  console.table(await benchMcpStart({ rounds: Number(process.argv[2] ?? 20) }));
