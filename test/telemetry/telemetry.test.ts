import { expect, test } from "vitest";
import type { Headers } from "../../src/telemetry/propagation.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

function telemetryOf(settings: Partial<Parameters<Telemetry["configure"]>[0]> = {}): Telemetry {
  const telemetry = new Telemetry();
  telemetry.configure({ sampling: 1, propagation: "w3c", traceBuffer: 3, ...settings }, undefined);
  return telemetry;
}

test("a request that was served is kept as a trace, with the spans within it", () => {
  const telemetry = telemetryOf();
  const request = telemetry.serve("rest", "GET", {});
  request.found({ route: "/ships/{imo}", reference: "fleet.get-ship" });
  const step = request.span.child("step.call", "INTERNAL");
  step.child("GET", "CLIENT").end("500");
  step.end("HTTP_STATUS");
  request.end(502, "STEP_FAILED");
  const page = telemetry.tracesPage({});
  expect(page).toMatchObject({
    traces: [{ operation: "GET /ships/{imo}", status: "ERROR", spanCount: 3 }],
    bufferSize: 3,
    bufferUsed: 1,
  });
  const [summary] = page?.traces ?? [];
  expect(Object.keys(summary ?? {})).toEqual([
    "traceId",
    "operation",
    "durationMs",
    "status",
    "spanCount",
    "timestamp",
  ]);
  expect(new Date(summary?.timestamp ?? "").toISOString()).toBe(summary?.timestamp);
  const trace = telemetry.traceById(summary?.traceId ?? "");
  expect(trace).not.toHaveProperty("spanCount");
  const [client, middle, server] = trace?.spans ?? [];
  expect(server).toEqual({
    spanId: request.span.context.spanId,
    name: "GET /ships/{imo}",
    kind: "SERVER",
    durationMs: summary?.durationMs,
    status: "ERROR",
  });
  expect(middle).toMatchObject({ parentSpanId: server?.spanId, name: "step.call", kind: "INTERNAL", status: "ERROR" });
  expect(client).toMatchObject({ parentSpanId: middle?.spanId, name: "GET", kind: "CLIENT" });
});

test("the trace of a caller goes on", () => {
  const telemetry = telemetryOf();
  const request = telemetry.serve("rest", "GET", { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "a=1" });
  const client = request.span.child("GET", "CLIENT");
  const { spanId } = client.context;
  expect(telemetry.fieldsOf(client)).toEqual({ traceparent: `00-${TRACE}-${spanId}-01`, tracestate: "a=1" });
  request.end(200, undefined);
  expect(telemetry.traceById(TRACE)?.spans).toMatchObject([{ parentSpanId: SPAN }]);
});

test.each<{ sampling: number; headers: Headers; kept: number }>([
  { sampling: 0, headers: { traceparent: `00-${TRACE}-${SPAN}-01` }, kept: 1 },
  { sampling: 1, headers: { traceparent: `00-${TRACE}-${SPAN}-00` }, kept: 0 },
  { sampling: 0, headers: { b3: "1" }, kept: 1 },
  { sampling: 1, headers: { "x-b3-sampled": "0" }, kept: 0 },
  { sampling: 0, headers: { b3: `${TRACE}-${SPAN}` }, kept: 0 },
  { sampling: 1, headers: { b3: `${TRACE}-${SPAN}` }, kept: 1 },
  { sampling: 0, headers: {}, kept: 0 },
  { sampling: 1, headers: {}, kept: 1 },
])("of a share of $sampling, a caller that sends $headers has $kept traces kept", ({ sampling, headers, kept }) => {
  const telemetry = telemetryOf({ sampling });
  const request = telemetry.serve("rest", "GET", headers);
  const fields = telemetry.fieldsOf(request.span.child("GET", "CLIENT"));
  expect(fields["traceparent"]).toMatch(kept === 1 ? /-01$/ : /-00$/);
  request.end(200, undefined);
  expect(telemetry.tracesPage({})?.traces).toHaveLength(kept);
  expect(telemetry.metrics.requests.cells).toHaveLength(1);
});

test("the newest traces are kept, and listed first", () => {
  const telemetry = telemetryOf();
  for (const route of ["/a", "/b", "/c", "/d", "/e"]) serve(telemetry, route, 200);
  const { traces, ...sizes } = telemetry.tracesPage({}) ?? { traces: [] };
  expect(traces.map(({ operation }) => operation)).toEqual(["GET /e", "GET /d", "GET /c"]);
  expect(sizes).toEqual({ bufferSize: 3, bufferUsed: 3 });
});

test.each([
  { filter: { operation: "/a" }, found: ["GET /a"] },
  { filter: { operation: "fleet./b" }, found: ["GET /b"] },
  { filter: { operation: "none" }, found: [] },
  { filter: { status: "ERROR" }, found: ["GET /b"] },
  { filter: { status: "ok" }, found: ["GET /a"] },
  { filter: { status: "ok", operation: "/b" }, found: [] },
])("traces are found by $filter", ({ filter, found }) => {
  const telemetry = telemetryOf();
  serve(telemetry, "/a", 404);
  serve(telemetry, "/b", 500);
  expect(telemetry.tracesPage(filter)?.traces.map(({ operation }) => operation)).toEqual(found);
});

test("a trace keeps a bounded number of spans, and counts all", () => {
  const telemetry = telemetryOf();
  const request = telemetry.serve("rest", "GET", {});
  for (let index = 0; index < 1000; index++) request.span.child("GET", "CLIENT").end();
  request.end(200, undefined);
  const [{ spanCount, traceId } = { spanCount: 0, traceId: "" }] = telemetry.tracesPage({})?.traces ?? [];
  expect(spanCount).toBe(1001);
  const { spans = [] } = telemetry.traceById(traceId) ?? {};
  expect(spans).toHaveLength(201);
  expect(spans.at(-1)).toMatchObject({ kind: "SERVER" });
});

test("paths and methods of callers are no labels", () => {
  const telemetry = telemetryOf();
  for (const method of ["GET", "BREW", "X".repeat(1000)]) telemetry.serve("rest", method, {}).end(404, undefined);
  expect(telemetry.metrics.requests.cells.map(({ labels }) => labels)).toEqual([
    { "naftiko.adapter.type": "rest", "naftiko.operation.id": "unknown", status: "404" },
  ]);
  expect(telemetry.tracesPage({})?.traces.map(({ operation }) => operation)).toEqual(["_OTHER", "_OTHER", "GET"]);
});

test("new settings keep numbers, and the traces where their buffer is of the same size", () => {
  const telemetry = telemetryOf();
  serve(telemetry, "/a", 200);
  telemetry.configure({ sampling: 0.5, propagation: "b3", traceBuffer: 3 }, undefined);
  expect(telemetry.tracesPage({})?.bufferUsed).toBe(1);
  telemetry.configure({ sampling: 1, propagation: "b3", traceBuffer: 10 }, undefined);
  expect(telemetry.tracesPage({})).toEqual({ traces: [], bufferSize: 10, bufferUsed: 0 });
  telemetry.configure(undefined, undefined);
  expect([telemetry.isOn, telemetry.tracesPage({})]).toEqual([false, undefined]);
  expect(telemetry.metrics.requests.cells).toHaveLength(1);
});

function serve(telemetry: Telemetry, route: string, status: number): void {
  const request = telemetry.serve("rest", "GET", {});
  request.found({ route, reference: `fleet.${route}` });
  request.end(status, undefined);
}

test("all traces together keep 20,000 spans: the oldest ones go first", () => {
  const telemetry = telemetryOf({ traceBuffer: 10_000 });
  const served = Array.from({ length: 150 }, () => {
    const request = telemetry.serve("rest", "GET", {});
    for (let count = 0; count < 300; count++) request.span.child("GET", "CLIENT").end();
    request.end(200);
    return request.span.context.traceId;
  });
  // 200 spans of each trace are kept, and its first one.
  const kept = telemetry.tracesPage({})?.traces.map(({ traceId }) => traceId);
  expect(kept).toEqual(served.slice(-99).reverse());
  expect(telemetry.traceById(served.at(-100) ?? "")).toBeUndefined();
  expect(telemetry.traceById(served.at(-1) ?? "")?.spans).toHaveLength(201);
});
