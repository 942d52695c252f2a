import { afterAll, beforeAll, expect, test } from "vitest";
import { markedSecret, refuseMarked } from "../../support/marked-secret.ts";
import { type RunningCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const TOKEN = markedSecret("token");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

let api: Upstream;
let collector: Upstream;
let server: RunningCommand;
let rest: string;
let control: string;

beforeAll(async () => {
  api = await startUpstream(({ url }, response) => answerJson(response, url.includes("fail") ? 500 : 200, { id: 1 }));
  collector = await startUpstream((_, response) => answerJson(response, 200, {}));
  const cwd = await temporaryFolder({ "ships.yaml": SHIPS.replaceAll("$API", api.url) });
  const env = { TOKEN, COLLECTOR: collector.url };
  server = await startCommand(["serve", "ships.yaml"], { cwd, env });
  rest = (await server.waitFor(/rest ships listens on (\S+)/, "stderr"))[1] ?? "";
  control = (await server.waitFor(/control listens on (\S+)/, "stderr"))[1] ?? "";
});

afterAll(async () => {
  server.child.kill("SIGKILL");
  await api.close();
  await collector.close();
});

const SHIPS = `
naftiko: 1.0.0-alpha3
info: { label: Ships, description: Ships }
binds: [ { namespace: env, keys: { TOKEN: TOKEN, COLLECTOR: COLLECTOR } } ]
capability:
  exposes:
  - type: rest
    namespace: ships
    port: 0
    resources:
    - path: /ships/{imo}
      operations:
      - method: GET
        name: get-ship
        inputParameters: [ { name: imo, in: path, type: string } ]
        call: api.get
        with: { name: ships.imo }
    - path: /both
      operations:
      - method: GET
        name: both
        steps:
        - { type: call, name: one, call: api.get, with: { name: a } }
        - { type: call, name: two, call: api.get, with: { name: fail } }
    - path: /mock
      operations: [ { method: GET, name: mock, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
    - path: /passed/{path}
      forward: { targetNamespace: api, trustedHeaders: [ X-Request-Id ] }
  - type: control
    port: 0
    observability: { exporters: { otlp: { endpoint: "{{COLLECTOR}}" } } }
  consumes:
  - type: http
    namespace: api
    baseUri: "$API"
    authentication: { type: apikey, key: api_key, value: "{{TOKEN}}", placement: query }
    resources:
    - { name: r, path: "/{name}", operations: [ { name: get, method: GET, inputParameters: [ { name: name, in: path } ] } ] }
`;

interface Traces {
  readonly traces: readonly {
    readonly traceId: string;
    readonly operation: string;
    readonly status: string;
    readonly spanCount: number;
  }[];
}

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

/** Calls, and waits until the trace of the call is kept: it ends when the answer has gone out. */
async function call(path: string, headers: Record<string, string> = {}): Promise<Traces["traces"][number]> {
  const before = ((await json(`${control}/traces`)) as Traces).traces.length;
  await (await fetch(`${rest}${path}`, { headers })).arrayBuffer();
  for (;;) {
    const { traces } = (await json(`${control}/traces`)) as Traces;
    if (traces.length > before && traces[0] !== undefined) return traces[0];
  }
}

test.each([
  { path: "/ships/1", operation: "GET /ships/{imo}", status: "OK", spans: ["CLIENT GET", "SERVER GET /ships/{imo}"] },
  { path: "/mock", operation: "GET /mock", status: "OK", spans: ["SERVER GET /mock"] },
  {
    path: "/passed/a?x=1",
    operation: "GET /passed/{path}",
    status: "OK",
    spans: ["CLIENT GET", "SERVER GET /passed/{path}"],
  },
  { path: "/none", operation: "GET", status: "OK", spans: ["SERVER GET"] },
  {
    path: "/both",
    operation: "GET /both",
    status: "ERROR",
    spans: ["CLIENT GET", "INTERNAL one", "CLIENT GET", "INTERNAL two", "SERVER GET /both"],
  },
])("a request for $path is the trace $operation", async ({ path, operation, status, spans }) => {
  const trace = await call(path);
  expect(trace).toMatchObject({ operation, status, spanCount: spans.length });
  const details = (await json(`${control}/traces/${trace.traceId}`)) as { spans: { kind: string; name: string }[] };
  expect(details.spans.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([...spans].sort());
});

test("the trace of a caller goes on to the API", async () => {
  const { traceId } = await call("/ships/3", { traceparent: `00-${TRACE}-${SPAN}-01` });
  expect(traceId).toBe(TRACE);
  expect(api.requests.at(-1)?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-(?!${SPAN})[\\da-f]{16}-01$`));
});

test("requests, steps and calls are counted", async () => {
  const text = await (await fetch(`${control}/metrics`)).text();
  const served = 'naftiko_request_total{naftiko_adapter_type="rest"';
  expect(text).toContain(`${served},naftiko_operation_id="GET /ships/{imo}",status="200"} 2\n`);
  expect(text).toContain(`${served},naftiko_operation_id="unknown",status="404"} 1\n`);
  expect(text).toMatch(/^naftiko_request_errors\{.*"GET \/both",error_type="HTTP_STATUS"\} 1$/m);
  expect(text).toContain('naftiko_step_duration_seconds_count{step_type="call",naftiko_namespace="ships"} 2\n');
  expect(text).toMatch(/^naftiko_http_client_total\{.*http_response_status_code="500"\} 1$/m);
  expect(text).toContain('naftiko_capability_active{naftiko_capability="ships"} 1\n');
  refuseMarked(text, "the page of numbers");
});

test("what is left arrives at the collector when the server stops", async () => {
  server.child.kill("SIGTERM");
  await server.finished;
  const text = collector.requests.map(({ body }) => body).join("\n");
  expect(text).toContain("GET /ships/{imo}");
  expect(text).toContain("http.server.request.duration");
  expect(text).toContain('{"key":"url.path","value":{"stringValue":"/passed/a"}}');
  expect(text).toContain('{"key":"url.scheme","value":{"stringValue":"http"}}');
  refuseMarked(text, "the collector");
});
