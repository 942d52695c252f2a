import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { SecretMask } from "../dist/base/mask-secrets.js";
import { openRuntime } from "../dist/engine/open.js";
import { interleave, median, ratio, row } from "./measure.mjs";

// What a capability exposes, called in one process: single calls, and steps.

const CALLS = 1_000;
const CHAIN = 20;

export async function benchSteps({ rounds = 11 } = {}) {
  const server = fork(path.join(import.meta.dirname, "server.mjs"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port }] = await once(server, "message");
  const slow = createServer((_, response) => setTimeout(() => response.end('{"id":"ak_1"}'), 50));
  await new Promise(resolve => slow.listen(0, "127.0.0.1", resolve));
  const runtime = await open(`http://127.0.0.1:${port}`);
  const slowRuntime = await open(`http://127.0.0.1:${slow.address().port}`);
  const { signal } = new AbortController();
  const units = Object.fromEntries(
    ["one", "whole", "chain"].map(name => [name, runtime.findCallable(`tools.${name}`)]),
  );
  try {
    const call = options => runtime.call("api.key", { id: "ak_1" }, options, "value");
    const unit = (name, options = {}, form = "value") =>
      runtime.callUnit(units[name], { id: "ak_1" }, options, { form });
    const single = await interleave(
      {
        call: () => processorEach(() => call({}), CALLS, 10),
        unit: () => processorEach(() => unit("one"), CALLS, 10),
        callWithSignal: () => processorEach(() => call({ signal }), CALLS, 10),
        unitWithSignal: () => processorEach(() => unit("one", { signal }), CALLS, 10),
        whole: () => processorEach(() => unit("whole", { signal }, "reply"), CALLS, 10),
      },
      { rounds, warmUp: 3 },
    );
    const chain = await interleave(
      {
        calls: () =>
          processorEach(
            async () => {
              for (let index = 0; index < CHAIN; index++) await call({});
            },
            25,
            1,
          ),
        steps: () => processorEach(() => unit("chain"), 25, 1),
      },
      { rounds, warmUp: 3 },
    );
    const three = await interleave(
      {
        steps: () =>
          millisecondsEach(
            () => slowRuntime.callUnit(slowRuntime.findCallable("tools.three"), {}, {}, { form: "value" }),
            3,
            1,
          ),
      },
      { rounds, warmUp: 1 },
    );
    const aStep = chain.steps.map((time, round) => (time - chain.calls[round]) / CHAIN);
    return [
      row(
        "processor time of a unit of one call, shaped / of the call itself",
        ratio(single.unit, single.call),
        "≤ 1.1",
      ),
      row("the same with a signal", ratio(single.unitWithSignal, single.callWithSignal), "≤ 1.1"),
      row(
        "processor time of a unit that gives the body as it came / of the call",
        ratio(single.whole, single.callWithSignal),
        "≤ 1.1",
      ),
      row("the engine's own processor time for a step, in a chain of 20", median(aStep), "≤ 0.3 ms", " ms"),
      row("three independent calls of 50 ms", median(three.steps), "≤ 70 ms", " ms"),
    ];
  } finally {
    await runtime.close();
    await slowRuntime.close();
    slow.close();
    server.disconnect();
  }
}

/** Measures the processor time of each, in milliseconds, the network's part included. */
async function processorEach(work, count, concurrency) {
  const start = process.cpuUsage();
  await millisecondsEach(work, count, concurrency);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / count;
}

async function millisecondsEach(work, count, concurrency) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (performance.now() - start) / count;
}

function open(baseUri) {
  const input = { name: "id", type: "string", description: "Id" };
  const steps = names => names.map(([name, id]) => ({ type: "call", name, call: "api.key", with: { id } }));
  const chain = Array.from({ length: CHAIN }, (_, index) => [
    `s${index}`,
    index === 0 ? "{{id}}" : `{{s${index - 1}.id}}${index}`,
  ]);
  const tool = (name, more) => ({ name, description: name, ...more });
  const properties = { id: { type: "string", mapping: "$.id" }, kind: { type: "string", mapping: "$.object" } };
  const document = {
    naftiko: "1.0.0-alpha3",
    capability: {
      consumes: [
        {
          ...{ type: "http", namespace: "api", baseUri },
          resources: [{ name: "key", path: "/v1/keys/{id}", operations: [{ name: "key", method: "GET" }] }],
        },
      ],
      exposes: [
        {
          ...{ type: "mcp", transport: "stdio", namespace: "tools" },
          tools: [
            tool("one", {
              ...{ inputParameters: [input], call: "api.key", with: { id: "tools.id" } },
              outputParameters: [{ type: "object", properties }],
            }),
            tool("whole", {
              ...{ inputParameters: [input], call: "api.key", with: { id: "tools.id" } },
              outputParameters: [{ type: "object", mapping: "$." }],
            }),
            tool("chain", { inputParameters: [input], steps: steps(chain) }),
            tool("three", {
              steps: steps([
                ["a", "1"],
                ["b", "2"],
                ["c", "3"],
              ]),
            }),
          ],
        },
      ],
    },
  };
  return openRuntime(document, { env: {} }, { cwd: process.cwd(), secrets: new SecretMask() });
}
