import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { OpenAPIClientAxios } from "openapi-client-axios";
import { Agent, request } from "undici";
import { SecretMask } from "../dist/base/mask-secrets.js";
import { call, planCall } from "../dist/engine/call.js";
import { exchangeSettings } from "../dist/engine/exchange-settings.js";
import { openRuntime } from "../dist/engine/open.js";
import { openCapability } from "../dist/index.js";
import { openUndici } from "../dist/net/wire/undici.js";
import { Wire } from "../dist/net/wire.js";
import { interleave, median, ratio, row } from "./measure.mjs";

// Calls in one process over keep-alive connections: 1 KB of JSON from a server in a process of its own.

const CALLS = 2_000;

export async function benchDispatch({ rounds = 15 } = {}) {
  const server = fork(path.join(import.meta.dirname, "server.mjs"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port }] = await once(server, "message");
  const origin = `http://127.0.0.1:${port}`;
  const options = { env: { CLERK_SECRET_KEY: "sk_bench" }, baseUri: `${origin}/v1` };
  const capability = await openCapability("clerk-backend-api-api-keys", options);
  const plain = await plainEngine(options);
  const dispatcher = new Agent({ connections: 64 });
  const axios = await new OpenAPIClientAxios({
    definition: definition(origin),
    axiosConfigDefaults: { headers: { authorization: "Bearer sk_bench" } },
  }).init();
  const rows = [];
  try {
    for (const concurrency of [1, 10, 50]) {
      const candidates = {
        naftiko: async () => (await capability.run("getApiKey", { apiKeyID: "ak_1" })).outputs.result,
        undici: async () => {
          const { body } = await request(`${origin}/v1/api_keys/ak_1`, {
            dispatcher,
            headers: { authorization: "Bearer sk_bench" },
          });
          return JSON.parse(await body.text());
        },
      };
      if (concurrency > 1) {
        candidates.plain = async () => (await plain.run()).outputs.result;
        candidates.guarded = async () => (await plain.runGuarded()).outputs.result;
      }
      const calls = concurrency === 1 ? CALLS / 2 : CALLS;
      if (concurrency === 50) candidates.axios = async () => (await axios.getApiKey({ apiKeyID: "ak_1" })).data;
      const figures = await interleave(
        Object.fromEntries(
          Object.entries(candidates).map(([name, call]) => [name, () => perSecond(call, calls, concurrency)]),
        ),
        { rounds, warmUp: 3 },
      );
      const bound = concurrency === 1 ? "–" : "≥ 0.95 (goal 1.1)";
      rows.push(
        row(
          `calls at concurrency ${concurrency} / \`undici.request\` + \`JSON.parse\``,
          ratio(figures.naftiko, figures.undici),
          bound,
        ),
      );
      if (figures.plain)
        rows.push(
          row(
            `the pipeline at concurrency ${concurrency}, with attempts, redirects and all that is on by default / without`,
            ratio(figures.guarded, figures.plain),
            "≥ 0.95",
          ),
        );
      if (figures.axios)
        rows.push(row("calls at concurrency 50 / openapi-client-axios", ratio(figures.naftiko, figures.axios), "≥ 8"));
      rows.push(row(`calls a second at concurrency ${concurrency}, for scale`, median(figures.naftiko), "–", ""));
    }
  } finally {
    await capability.close();
    await plain.close();
    await dispatcher.close();
    server.disconnect();
  }
  return rows;
}

/** Returns the stages of a call, with and without the layers between them and the network. */
async function plainEngine(options) {
  const transport = openUndici();
  const secrets = new SecretMask();
  const surroundings = { cwd: process.cwd(), secrets };
  const { model, binds, opening } = await openRuntime("clerk-backend-api-api-keys", options, surroundings);
  const operation = model.operations.find(({ name }) => name === "getApiKey");
  const plan = await planCall(operation, "naftiko/bench");
  const shared = { opening, isObserved: false, now: Date.now };
  const { send, exchange, decoding } = await exchangeSettings(operation, shared, new Wire(transport));
  const common = { binds, secrets, exchange, decoding, allowPlainHttp: false, form: "value" };
  const inputs = { apiKeyID: "ak_1" };
  return {
    run: () => call(plan, inputs, { ...common, send: transport }),
    runGuarded: () => call(plan, inputs, { ...common, send }),
    close: () => transport.close(),
  };
}

/** Measures the calls a second, with so many under way at once. */
async function perSecond(call, calls, concurrency) {
  let left = calls;
  const worker = async () => {
    while (left-- > 0) {
      const value = await call();
      if (value.id !== "ak_1") throw new Error("A wrong answer");
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (calls / (performance.now() - start)) * 1000;
}

function definition(origin) {
  return {
    openapi: "3.0.3",
    info: { title: "API keys", version: "1" },
    servers: [{ url: `${origin}/v1` }],
    paths: {
      "/api_keys/{apiKeyID}": {
        get: {
          operationId: "getApiKey",
          parameters: [{ name: "apiKeyID", in: "path", required: true, schema: { type: "string" } }],
          responses: { 200: { description: "One key" } },
        },
      },
    },
  };
}
