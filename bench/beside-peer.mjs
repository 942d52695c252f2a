import { fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pool } from "undici";

// `naftiko serve` beside a server that is written by hand. Both ask the same API.

const root = path.resolve(import.meta.dirname, "..");

/**
 * Does some work with both servers.
 *
 * @param {{ exposes: string, peer: string, connections: number }} servers the item of `exposes` for ours, and the file of
 *   the other one
 * @param {(services: Record<"naftiko" | "peer", Service>) => Promise<void>} work
 * @typedef {{ child: import("node:child_process").ChildProcess, pool: Pool }} Service
 */
export async function besidePeer({ exposes, peer, connections }, work) {
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-bench-"));
  const upstream = fork(path.join(import.meta.dirname, "server.mjs"));
  const upstreamUrl = `http://127.0.0.1:${(await message(upstream)).port}`;
  const file = path.join(folder, "keys.yaml");
  await writeFile(file, capability(upstreamUrl, exposes));
  const services = {
    naftiko: await startOurs(file, connections),
    peer: await startPeer(peer, upstreamUrl, connections),
  };
  try {
    await work(services);
  } finally {
    for (const { pool, child } of Object.values(services)) {
      await pool.close();
      child.kill();
    }
    upstream.kill();
    await rm(folder, { recursive: true });
  }
}

/** Returns the processor time of a process, with its threads, in microseconds. A tick of the kernel is 10 ms. */
export function cpuMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function startOurs(file, connections) {
  const command = path.join(root, "dist", "naftiko.cjs");
  const child = spawn(process.execPath, ["--", command, "serve", file], {
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
  return { child, pool: new Pool(url, { connections }) };
}

async function startPeer(peer, upstreamUrl, connections) {
  const child = fork(path.join(import.meta.dirname, peer), [upstreamUrl]);
  const { port } = await message(child);
  return { child, pool: new Pool(`http://127.0.0.1:${port}`, { connections }) };
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", code => reject(new Error(`A process has ended with ${code}`)));
  });
}

function capability(baseUri, exposes) {
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
${exposes}`;
}
