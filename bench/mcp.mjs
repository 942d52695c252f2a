import { besidePeer, cpuMicros } from "./beside-peer.mjs";
import { interleave, median, ratio } from "./measure.mjs";

// node bench/mcp.mjs [seconds] : processor time of a call of a tool over HTTP, of `naftiko serve` and in the same run of a
// server that is written by hand on the official packages, in the newest revision, and in one of those before it. Linux
// alone: processor times come from /proc.

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 5;
const CALLERS = 20;
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
};
const BASE = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const revisions = {
  "2026-07-28": {
    headers: { ...BASE, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "key" },
    more: { _meta: META },
  },
  "2025-11-25": { headers: { ...BASE, "mcp-protocol-version": "2025-11-25" }, more: {} },
};

const EXPOSES = `    - type: mcp
      namespace: keys
      port: 0
      tools:
        - name: key
          description: Reads a key
          inputParameters:
            - { name: id, type: string, description: The key }
            - { name: limit, type: integer, required: false, description: Most items }
          call: clerk.get-key
          with: { id: keys.id, limit: keys.limit }
          outputParameters:
            - type: object
              properties:
                key: { type: string, mapping: $.id }
                kind: { type: string, mapping: $.object }
                text: { type: string, mapping: $.note }`;

await besidePeer({ exposes: EXPOSES, peer: "mcp-peer.mjs", connections: CALLERS }, async ({ naftiko, peer }) => {
  for (const [revision, asked] of Object.entries(revisions)) {
    // Both are compiled by V8 while they run: a server's first seconds are not its usual ones.
    for (const service of [naftiko, peer]) await load(service, asked, 3);
    const candidates = { naftiko: () => load(naftiko, asked, SECONDS), peer: () => load(peer, asked, SECONDS) };
    const found = await interleave(candidates, { rounds: ROUNDS, warmUp: 0 });
    const [ours, byHand] = [found.naftiko, found.peer].map(figures => median(figures).toFixed(0));
    console.log(
      `${revision}: ${ours} µs of processor time a call, by hand ${byHand} µs, ${ratio(found.naftiko, found.peer).toFixed(2)}×`,
    );
  }
});

/** Calls for some time. Returns the processor time of the server for each call, in microseconds. */
async function load({ pool, child }, { headers, more }, seconds) {
  const end = performance.now() + seconds * 1000;
  const before = cpuMicros(child.pid);
  let calls = 0;
  const caller = async () => {
    while (performance.now() < end) {
      const id = ++calls;
      const params = { name: "key", arguments: { id: "ak_1", limit: 10 }, ...more };
      const body = JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
      const answer = await pool.request({ method: "POST", path: "/mcp", headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !text.includes('"key":"ak_1"')) throw new Error(text);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (cpuMicros(child.pid) - before) / calls;
}
