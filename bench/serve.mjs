import { besidePeer, cpuMicros } from "./beside-peer.mjs";
import { interleave, median, ratio } from "./measure.mjs";

// node bench/serve.mjs [seconds] : throughput of `naftiko serve`, in one run beside a service that is written by hand with
// fastify and undici and does the same mapping. Closed loops of 1, 10, 50 and 200 callers, and an open one at 70% of
// the most. Linux alone: processor times come from /proc.

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 3;
const CALLERS = [1, 10, 50, 200];
const TARGET = "/keys/ak_1?limit=10";
const EXPOSES = `    - type: rest
      namespace: keys
      port: 0
      resources:
        - path: /keys/{id}
          operations:
            - method: GET
              name: key
              inputParameters:
                - { name: id, in: path, type: string, pattern: "^ak_[0-9]+$", description: The key }
                - { name: limit, in: query, type: integer, description: Most items }
              call: clerk.get-key
              with: { id: keys.id, limit: keys.limit }
              outputParameters:
                - type: object
                  properties:
                    key: { type: string, mapping: $.id }
                    kind: { type: string, mapping: $.object }
                    text: { type: string, mapping: $.note }`;

await besidePeer({ exposes: EXPOSES, peer: "serve-peer.mjs", connections: 256 }, async services => {
  // Both are compiled by V8 while they run: a server's first seconds are not its usual ones.
  for (const service of Object.values(services)) await closedLoop(service, 50, 5);
  for (const callers of CALLERS) await compare(services, `${callers} callers`, service => closedLoop(service, callers));
  const most = await closedLoop(services.peer, 50);
  const rate = 0.7 * most.perSecond;
  await compare(services, `open loop, ${Math.round(rate)} a second`, service => openLoop(service, rate));
});

/** Measures both in turn, and prints their figures and the medians of their ratios. */
async function compare(services, what, measure) {
  for (const service of Object.values(services)) await closedLoop(service, 50, 0.5);
  const { naftiko, peer } = services;
  const candidates = { naftiko: () => measure(naftiko), peer: () => measure(peer) };
  const found = await interleave(candidates, { rounds: ROUNDS, warmUp: 0 });
  console.log(`\n${what}`);
  for (const [name, figures] of Object.entries(found)) {
    const middle = member => median(figures.map(figure => figure[member]));
    const times = ["p50", "p99", "p999"].map(member => `${member} ${middle(member).toFixed(2)} ms`).join(", ");
    const rest = `${times}, ${middle("cpuMicros").toFixed(0)} µs of processor time a request`;
    console.log(`  ${name.padEnd(8)} ${middle("perSecond").toFixed(0)} a second, ${rest}`);
  }
  const of = member => ratio(...["naftiko", "peer"].map(name => found[name].map(figure => figure[member])));
  console.log(`  throughput ${of("perSecond").toFixed(2)}×, processor time ${of("cpuMicros").toFixed(2)}×`);
}

async function closedLoop(service, callers, seconds = SECONDS) {
  const meter = startMeter(service);
  const end = performance.now() + seconds * 1000;
  const caller = async () => {
    while (performance.now() < end) await meter.call(performance.now());
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return meter.figures();
}

/** Calls at a rate, whether or not earlier calls have ended. Their times count from when they were due. */
async function openLoop(service, rate) {
  const meter = startMeter(service);
  const start = performance.now();
  const count = Math.round(rate * SECONDS);
  const calls = [];
  while (calls.length < count) {
    const due = start + (calls.length / rate) * 1000;
    if (due > performance.now()) await new Promise(resolve => setImmediate(resolve));
    else calls.push(meter.call(due));
  }
  await Promise.all(calls);
  return meter.figures();
}

function startMeter({ pool, child }) {
  const times = [];
  const cpu = cpuMicros(child.pid);
  const start = performance.now();
  return {
    async call(due) {
      const { statusCode, body } = await pool.request({ method: "GET", path: TARGET });
      await body.dump();
      if (statusCode !== 200) throw new Error(`A call was answered with ${statusCode}`);
      times.push(performance.now() - due);
    },
    figures() {
      const seconds = (performance.now() - start) / 1000;
      times.sort((a, b) => a - b);
      const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      return {
        perSecond: times.length / seconds,
        ...{ p50: at(0.5), p99: at(0.99), p999: at(0.999) },
        cpuMicros: (cpuMicros(child.pid) - cpu) / times.length,
      };
    },
  };
}
