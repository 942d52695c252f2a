import { afterAll, beforeAll, expect, test } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { followCapability } from "../../src/serving/follow-capability.ts";
import { prometheusText } from "../../src/telemetry/prometheus.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { MARK, markedSecret, refuseMarked } from "../support/marked-secret.ts";
import { documentOf } from "../support/open-text.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const PASSWORD = markedSecret("collector");
const TOKEN = markedSecret("token");
let api: Upstream;
let collector: Upstream;

beforeAll(async () => {
  api = await startUpstream(({ url }, response) => {
    if (url.startsWith("/fail")) return answerJson(response, 503, {});
    if (url.startsWith("/moved")) return response.writeHead(302, { location: "/ok" }).end();
    return answerJson(response, 200, { id: 1 });
  });
  collector = await startUpstream((_, response) => answerJson(response, 200, {}));
});

afterAll(async () => {
  await api.close();
  await collector.close();
});

/** Opens a capability that is followed, as a server does. */
async function openFollowed(
  observability: object | undefined,
  env: Record<string, string> = {},
): Promise<{ runtime: Runtime; telemetry: Telemetry; warnings: string[] }> {
  const telemetry = new Telemetry();
  const control = { type: "control", port: 9999, ...(observability && { observability }) };
  const document = {
    naftiko: "1.0.0-alpha3",
    info: { label: "Fleet", description: "Ships" },
    binds: [{ namespace: "env", keys: { TOKEN: "TOKEN", COLLECTOR: "COLLECTOR" } }],
    capability: {
      exposes: observability === undefined ? [] : [control],
      consumes: (documentOf(CONSUMED.replaceAll("$API", api.url)) as { capability: { consumes: object[] } }).capability
        .consumes,
    },
  };
  const surroundings = { cwd: process.cwd(), secrets: new SecretMask(), telemetry };
  const variables = { TOKEN, COLLECTOR: collector.url.replace("//", `//user:${PASSWORD}@`), ...env };
  const runtime = await openRuntime(document, { env: variables, retries: 1 }, surroundings);
  const warnings: string[] = [];
  await followCapability(telemetry, runtime, { env: variables, warn: message => warnings.push(message) });
  return { runtime, telemetry, warnings };
}

const CONSUMED = `
- type: http
  namespace: api
  baseUri: "$API"
  authentication: { type: apikey, key: api_key, value: "{{TOKEN}}", placement: query }
  resources:
  - name: all
    path: "/{{name}}"
    operations:
    - { name: get, method: GET, inputParameters: [ { name: name, in: path }, { name: q, in: query } ] }
`;

interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** Returns what the collector got since it was asked last. */
function received(): {
  spans: SentSpan[];
  services: unknown[];
  metrics: string[];
  text: string;
  authorization: unknown[];
} {
  const requests = collector.requests.splice(0);
  const bodies = requests.map(({ body }) => JSON.parse(body));
  const traces = bodies.flatMap(body => body.resourceSpans ?? []);
  const numbers = bodies.flatMap(body => body.resourceMetrics ?? []);
  return {
    spans: traces.flatMap(resource => resource.scopeSpans.flatMap((scope: { spans: SentSpan[] }) => scope.spans)),
    services: traces.map(({ resource }) => valuesOf(resource)["service.name"]),
    metrics: numbers.flatMap(resource =>
      resource.scopeMetrics.flatMap((scope: { metrics: { name: string }[] }) => scope.metrics.map(({ name }) => name)),
    ),
    text: requests.map(({ body, url }) => url + body).join("\n"),
    authorization: requests.map(({ headers }) => headers.authorization),
  };
}

function valuesOf({ attributes }: Pick<SentSpan, "attributes">): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const EXPORT = { exporters: { otlp: { endpoint: "{{COLLECTOR}}" } } };

test("spans and numbers of a call arrive at the collector, without secrets", async () => {
  const { runtime, telemetry } = await openFollowed(EXPORT);
  const request = telemetry.serve("rest", "GET", {});
  request.found({ route: "/ships/{imo}", reference: "fleet.get-ship" });
  await runtime.call("api.get", { name: "ok", q: TOKEN }, { span: request.span }, "value");
  request.end(200, undefined);
  await telemetry.close();
  const { spans, services, metrics, text, authorization } = received();
  const [client, server] = spans;
  expect(spans.map(({ name, kind }) => ({ name, kind }))).toEqual([
    { name: "GET", kind: 3 },
    { name: "GET /ships/{imo}", kind: 2 },
  ]);
  expect(client).toMatchObject({ traceId: server?.traceId, parentSpanId: server?.spanId });
  expect(valuesOf(client ?? { attributes: [] })).toEqual({
    "http.request.method": "GET",
    "url.full": `${api.url}/ok?q=***&api_key=***`,
    "server.address": "127.0.0.1",
    "server.port": Number(new URL(api.url).port),
    "http.response.status_code": 200,
  });
  expect(valuesOf(server ?? { attributes: [] })).toEqual({
    "naftiko.adapter.type": "rest",
    "naftiko.operation.id": "fleet.get-ship",
    "http.request.method": "GET",
    "http.route": "/ships/{imo}",
    "http.response.status_code": 200,
  });
  expect(services).toEqual(["Fleet"]);
  expect(metrics.sort()).toEqual(["http.client.request.duration", "http.server.request.duration"]);
  expect(new Set(authorization)).toEqual(new Set([`Basic ${btoa(`user:${PASSWORD}`)}`]));
  refuseMarked(text, "the collector");
  const sent = api.requests.at(-1);
  expect(sent?.url).toContain(MARK);
  expect(sent?.headers.traceparent).toBe(`00-${client?.traceId}-${client?.spanId}-01`);
  refuseMarked(JSON.stringify(telemetry.traceById(client?.traceId ?? "")), "the list of traces");
  refuseMarked((await prometheusText(telemetry.metrics)).text, "the page of numbers");
  await runtime.close();
});

test("each try and each redirect is a span of its own", async () => {
  const { runtime, telemetry } = await openFollowed({});
  await runtime.call("api.get", { name: "moved" }, {}, "value");
  await expect(runtime.call("api.get", { name: "fail" }, {}, "value")).rejects.toMatchObject({ code: "HTTP_STATUS" });
  const { traces = [] } = telemetry.tracesPage({}) ?? {};
  expect(traces).toMatchObject([
    { operation: "get", status: "ERROR", spanCount: 3 },
    { operation: "get", status: "OK", spanCount: 3 },
  ]);
  const spans = traces.map(({ traceId }) =>
    telemetry.traceById(traceId)?.spans.map(({ kind, status }) => `${kind} ${status}`),
  );
  expect(spans).toEqual([
    ["CLIENT ERROR", "CLIENT ERROR", "INTERNAL ERROR"],
    ["CLIENT OK", "CLIENT OK", "INTERNAL OK"],
  ]);
  const cells = telemetry.metrics.exchanges.cells.map(({ labels, count }) => [
    labels["http.response.status_code"],
    count,
  ]);
  expect(Object.fromEntries(cells)).toEqual({ 200: 1, 302: 1, 503: 2 });
  await runtime.close();
});

test.each([
  { what: "B3", observability: { traces: { propagation: "b3" } }, header: "b3", value: /^[\da-f]{32}-[\da-f]{16}-1$/ },
  { what: "W3C", observability: {}, header: "traceparent", value: /^00-[\da-f]{32}-[\da-f]{16}-01$/ },
  {
    what: "W3C, not sampled",
    observability: { traces: { sampling: 0 } },
    header: "traceparent",
    value: /^00-[\da-f]{32}-[\da-f]{16}-00$/,
  },
])("an API learns of the trace by $what", async ({ observability, header, value }) => {
  const { runtime } = await openFollowed(observability);
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  expect(api.requests.at(-1)?.headers[header]).toMatch(value);
  await runtime.call("api.get", { name: "ok" }, { headers: { [header]: "own" } }, "value");
  expect(api.requests.at(-1)?.headers[header]).toBe("own");
  await runtime.close();
});

test.each([
  { what: "without a control adapter", observability: undefined, env: {} },
  { what: "where it is switched off", observability: { enabled: false }, env: {} },
  {
    what: "where it is switched off, whatever the environment says",
    observability: { enabled: false },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" },
  },
  {
    what: "without a control adapter, with exporting switched off",
    observability: undefined,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" },
  },
  {
    what: "without a control adapter, where neither traces nor numbers are exported",
    observability: undefined,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
    },
  },
])("nothing is followed $what", async ({ observability, env }) => {
  const { runtime, telemetry, warnings } = await openFollowed(observability, env);
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  expect(telemetry.isOn).toBe(false);
  expect(telemetry.metrics.exchanges.cells).toEqual([]);
  expect(api.requests.at(-1)?.headers).not.toHaveProperty("traceparent");
  expect(warnings).toEqual([]);
  await runtime.close();
});

test.each([
  { what: "a variable without a value", endpoint: "{{COLLECTOR}}", value: "", warning: /COLLECTOR/ },
  { what: "no URL", endpoint: "collector:4318", value: "x", warning: /is not the URL of a collector/ },
  {
    what: "a URL of another kind",
    endpoint: "file:///etc/passwd",
    value: "x",
    warning: /is not the URL of a collector/,
  },
])("a collector with $what is told of, and traces are kept nevertheless", async ({ endpoint, value, warning }) => {
  const { runtime, telemetry, warnings } = await openFollowed(
    { exporters: { otlp: { endpoint } } },
    { COLLECTOR: value },
  );
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  expect(telemetry.tracesPage({})?.bufferUsed).toBe(1);
  expect(warnings).toEqual([expect.stringMatching(warning)]);
  await telemetry.close();
  await runtime.close();
});

test.each([
  { variable: "OTEL_TRACES_EXPORTER", path: "/v1/metrics" },
  { variable: "OTEL_METRICS_EXPORTER", path: "/v1/traces" },
])("with $variable none, the collector gets only $path", async ({ variable, path }) => {
  collector.requests.splice(0);
  const { runtime, telemetry, warnings } = await openFollowed(EXPORT, { [variable]: "none" });
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  await telemetry.close();
  expect(new Set(collector.requests.map(({ url }) => url))).toEqual(new Set([path]));
  expect(warnings).toEqual([]);
  await runtime.close();
});

test("a collector that is down is told of once, without its password, and no call waits", async () => {
  const down = await startUpstream();
  await down.close();
  const COLLECTOR = down.url.replace("//", `//user:${PASSWORD}@`);
  const { runtime, telemetry, warnings } = await openFollowed(EXPORT, { COLLECTOR });
  for (let index = 0; index < 20; index++) await runtime.call("api.get", { name: "ok" }, {}, "value");
  await telemetry.close();
  expect(warnings.length).toBeLessThanOrEqual(1);
  refuseMarked(warnings.join("\n"), "the warning");
  await runtime.close();
});

test("a collector that refuses is told of once a minute", async () => {
  const refusing = await startUpstream((_, response) => answerJson(response, 400, { message: TOKEN }));
  const { runtime, telemetry, warnings } = await openFollowed(EXPORT, { COLLECTOR: refusing.url });
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  await telemetry.close();
  expect(refusing.requests.map(({ url }) => url).sort()).toEqual(["/v1/metrics", "/v1/traces"]);
  expect(warnings).toEqual([expect.stringContaining(`Cannot send telemetry to ${refusing.url}: `)]);
  await runtime.close();
  await refusing.close();
});

test("a collector that never answers is waited for two seconds at the end", async () => {
  const slow = await startUpstream(() => {});
  const { runtime, telemetry } = await openFollowed(EXPORT, { COLLECTOR: slow.url });
  await runtime.call("api.get", { name: "ok" }, {}, "value");
  await telemetry.close();
  const again = telemetry.close().then(() => "closed");
  expect(await Promise.race([again, new Promise(resolve => setImmediate(resolve))])).toBe("closed");
  await runtime.close();
  await slow.close();
});
