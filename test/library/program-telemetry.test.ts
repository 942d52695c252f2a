import { context, metrics, propagation, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type Sampler,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openText, operationText } from "../support/open-text.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let api: Upstream;

beforeEach(async () => {
  api = await startUpstream();
});

afterEach(async () => {
  await api.close();
  for (const registered of [trace, context, metrics, propagation]) registered.disable();
});

/** Registers OpenTelemetry as a program does. */
function register(sampler: Sampler = new AlwaysOnSampler()): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  new NodeTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  return exporter;
}

async function call(): Promise<void> {
  await using capability = await openText(operationText("", { baseUri: api.url }));
  await capability.run("op");
}

test("a call takes part in the trace of the program", async () => {
  const exporter = register();
  const ids = await trace.getTracer("program").startActiveSpan("work", async span => {
    await call();
    span.end();
    return span.spanContext();
  });
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual(["GET", "op", "work"]);
  for (const span of spans) expect(span.spanContext().traceId).toBe(ids.traceId);
  expect(spans[1]?.parentSpanContext?.spanId).toBe(ids.spanId);
  expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
  expect(api.requests[0]?.headers.traceparent).toBe(`00-${ids.traceId}-${spans[0]?.spanContext().spanId}-01`);
});

test("a call begins a trace where none is under way", async () => {
  const exporter = register();
  await call();
  expect(exporter.getFinishedSpans().map(({ name, kind }) => [name, kind])).toEqual([
    ["GET", 2],
    ["op", 0],
  ]);
});

test("what the program does not sample is carried on without spans", async () => {
  const exporter = register(new ParentBasedSampler({ root: new AlwaysOffSampler() }));
  await trace.getTracer("program").startActiveSpan("work", async span => {
    await call();
    expect(api.requests[0]?.headers.traceparent).toContain(span.spanContext().traceId);
  });
  await call();
  for (const { headers } of api.requests) expect(headers.traceparent).toMatch(/-00$/);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("numbers go to the meters of the program", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  await call();
  await reader.forceFlush();
  const names = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics));
  expect(names.map(({ descriptor }) => descriptor.name)).toEqual(["http.client.request.duration"]);
  expect(names[0]?.dataPoints).toMatchObject([
    { attributes: { "http.request.method": "GET", "server.address": "127.0.0.1", "http.response.status_code": 200 } },
  ]);
  await reader.shutdown();
});

test("a program without OpenTelemetry sends no trace", async () => {
  await call();
  expect(api.requests[0]?.headers).not.toHaveProperty("traceparent");
});
