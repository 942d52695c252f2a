import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openText } from "../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

let upstream: Upstream;

beforeAll(async () => {
  let calls = 0;
  upstream = await startUpstream((request, response) => {
    if (request.url === "/jobs/1") return answerJson(response, 200, { state: ++calls > 1 ? "done" : "running" });
    answerJson(response, request.url === "/ships/0" ? 404 : 200, { imo: "9", at: request.url, method: request.method });
  });
});
afterAll(() => upstream.close());

const open = () =>
  openText(`
naftiko: "1.0.0-alpha3"
capability:
  consumes:
  - type: http
    namespace: reg
    baseUri: ${upstream.url}
    resources:
    - name: ship
      path: /ships/{imo}
      operations: [{ name: get-ship, method: GET }]
    - name: job
      path: /jobs/1
      operations: [{ name: get-job, method: GET }]
  aggregates:
  - label: Fleet
    namespace: fleet
    functions:
    - name: find
      description: Find a ship
      inputParameters: [{ name: imo, type: string, description: Its number }]
      call: reg.get-ship
      with: { imo: fleet.imo }
      outputParameters: [{ type: object, properties: { id: { type: string, mapping: $.imo }, at: { type: string, mapping: $.at } } }]
  exposes:
  - type: mcp
    namespace: tools
    port: 3001
    tools:
    - { name: get-ship, description: A ship, call: reg.get-ship, with: { imo: tools.number }, inputParameters: [{ name: number, type: integer, description: Its number }] }
    - { name: find-ship, ref: fleet.find, description: By the function }
    - { name: job, description: A job, call: reg.get-job, outputParameters: [{ type: object, properties: { state: { type: string, mapping: $.state } } }] }
  - type: rest
    namespace: api
    port: 3002
    resources:
    - path: /ping/{who}
      operations: [{ name: ping, method: GET, inputParameters: [{ name: who, in: path, type: string, description: Who }], outputParameters: [{ name: answer, type: string, value: "pong {{who}}" }] }]
`);

describe("what is exposed can be called as operations are:", () => {
  it.each([
    ["a function", "fleet.find", { imo: "7" }, { id: "9", at: "/ships/7" }],
    ["a tool that refers to it", "find-ship", { imo: "7" }, { id: "9", at: "/ships/7" }],
    ["a tool, by its whole name", "tools.get-ship", { number: 7 }, { imo: "9", at: "/ships/7", method: "GET" }],
    ["the operation that has the name too", "get-ship", { imo: "7" }, { imo: "9", at: "/ships/7", method: "GET" }],
    ["a route", "GET /ping/{who}", { who: "you" }, { answer: "pong you" }],
    ["the operation of a route", "ping", { who: "you" }, { answer: "pong you" }],
  ])("%s", async (_, reference, inputs, outputs) => {
    await using capability = await open();
    expect(await capability.run(reference, inputs)).toMatchObject({ outputs, body: outputs, status: 200 });
  });

  it.each([
    ["an input that is missing", "fleet.find", {}, { code: "INPUT_MISSING", details: { inputs: ["imo"] } }],
    [
      "one that it does not have",
      "fleet.find",
      { imo: "7", im: "" },
      { code: "INPUT_UNKNOWN", details: { suggestions: ["imo"] } },
    ],
    ["one of another type", "tools.get-ship", { number: "x" }, { code: "INPUT_INVALID", details: { input: "number" } }],
    ["an answer that is an error", "fleet.find", { imo: "0" }, { code: "HTTP_STATUS", details: { status: 404 } }],
    [
      "a name that is nearly right",
      "fleet.fnd",
      {},
      { code: "OPERATION_NOT_FOUND", details: { suggestions: ["fleet.find"] } },
    ],
  ])("it tells of %s", async (_, reference, inputs, error) => {
    await using capability = await open();
    await expect(capability.run(reference, inputs)).rejects.toMatchObject(error);
  });

  it("prepares the request of a single call", async () => {
    await using capability = await open();
    const request = await capability.prepare("find-ship", { imo: "a/b" });
    expect(request).toMatchObject({ method: "GET", url: `${upstream.url}/ships/a%2Fb` });
  });

  it("waits for an answer", async () => {
    await using capability = await open();
    const result = await capability.waitFor("job", {}, { until: "$.state == 'done'", everyMs: 1 });
    expect(result.outputs).toEqual({ state: "done" });
  });

  it.each([
    ["prepare", "ping", "sends no request"],
    ["pages", "fleet.find", 'take the operation "get-ship"'],
    ["stream", "ping", "api.ping is exposed"],
  ] as const)("%s of %s is refused with a reason", async (method, reference, message) => {
    await using capability = await open();
    const inputs = { who: "you", imo: "7" };
    const calling =
      method === "prepare" ? capability.prepare(reference, inputs) : capability[method](reference, inputs).next();
    await expect(calling).rejects.toThrow(message);
  });
});

it("capability.exposed describes it", async () => {
  await using capability = await open();
  expect([...capability.exposed.keys()]).toEqual([
    "fleet.find",
    "tools.get-ship",
    "tools.find-ship",
    "tools.job",
    "api.ping",
  ]);
  expect(capability.exposed.get("tools.get-ship")).toEqual({
    reference: "tools.get-ship",
    name: "get-ship",
    namespace: "tools",
    kind: "tool",
    description: "A ship",
    inputs: [{ name: "number", type: "integer", required: true, description: "Its number" }],
    work: "call",
    operation: "get-ship",
  });
  expect(capability.exposed.get("api.ping")).toMatchObject({
    kind: "operation",
    route: "GET /ping/{who}",
    inputs: [{ name: "who", in: "path", required: true }],
    work: "mock",
    outputs: [{ name: "answer", type: "string" }],
  });
  expect(capability.exposed.get("tools.find-ship")).toMatchObject({ work: "function", function: "fleet.find" });
});
