import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callRow } from "../../src/batch/call-row.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { Pace } from "../../src/net/layers/pace.ts";
import { openTextRuntime } from "../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const text = (baseUri: string) => `
- type: http
  namespace: shop
  baseUri: ${baseUri}
  inputParameters:
    - { name: authorization, in: header, value: "Bearer {{TOKEN}}" }
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
        - name: create
          method: POST
          inputParameters:
            - { name: id, in: path }
`;

const pace = new Pace({ rate: undefined, stop: new AbortController().signal, onPause: undefined });

describe("callRow()", () => {
  let upstream: Upstream;
  let runtime: Runtime;
  let fails: number[];

  beforeAll(async () => {
    upstream = await startUpstream(({ url, headers }, response) => {
      const status = fails.shift() ?? 200;
      if (status === 0) return response.destroy();
      response.setHeader("retry-after", "0");
      return answerJson(response, status, { id: url.split("/").at(-1), sent: headers.authorization });
    });
    runtime = await openTextRuntime(text(upstream.url), { env: { TOKEN: "a-long-token" }, retries: 2 });
  });
  afterAll(async () => {
    await runtime.close();
    await upstream.close();
  });

  const done = { key: "k", outputs: { id: "7" }, status: 200 };
  const cases: readonly (readonly [name: string, fails: number[], expected: object])[] = [
    ["gives the outputs", [], { ...done, attempts: 1 }],
    ["counts attempts", [503, 429], { ...done, attempts: 3 }],
    ["counts attempts without an answer", [0, 0, 0], { status: "NETWORK", attempts: 3, outputs: null }],
    ["gives the status of a failure", [404], { status: 404, outputs: null, attempts: 1 }],
  ];
  it.each(cases)("%s", async (_, statuses, expected) => {
    fails = statuses;
    const end = await callRow(runtime, runtime.find("get"), { row: 3, key: "k", inputs: { id: "7" } }, { pace });
    expect(end).toMatchObject({ row: 3, ...expected });
    expect(end.error === undefined).toBe(end.outputs !== null);
  });

  it("sends nothing for inputs that do not fit", async () => {
    const end = await callRow(runtime, runtime.find("get"), { row: 1, key: "k", inputs: { id: ".." } }, { pace });
    expect(end).toMatchObject({ status: "INPUT_INVALID", attempts: 0, error: { code: "INPUT_INVALID" } });
    const unknown = await callRow(
      runtime,
      runtime.find("get"),
      { row: 1, key: "k", inputs: { ["__proto__x"]: 1 } },
      { pace },
    );
    expect(unknown).toMatchObject({ attempts: 0 });
  });

  it("sends the key with every attempt", async () => {
    fails = [503];
    const from = upstream.requests.length;
    const row = { row: 1, key: "k", inputs: { id: "9" } };
    await callRow(runtime, runtime.find("create"), row, { pace, idempotencyKey: "key-1" });
    const keys = upstream.requests.slice(from).map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(["key-1", "key-1"]);
  });

  it("has no secret in a failure", async () => {
    fails = [422];
    const end = await callRow(runtime, runtime.find("get"), { row: 1, key: "k", inputs: { id: "9" } }, { pace });
    expect(JSON.stringify(end)).not.toContain("a-long-token");
  });

  it("throws where a signal ends it", async () => {
    const row = { row: 1, key: "k", inputs: { id: "9" } };
    const call = callRow(runtime, runtime.find("get"), row, { pace, signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
  });
});
