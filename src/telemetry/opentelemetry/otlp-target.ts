import type * as MetricExporter from "@opentelemetry/exporter-metrics-otlp-http";
import type * as TraceExporter from "@opentelemetry/exporter-trace-otlp-http";
import type * as Resources from "@opentelemetry/resources";
import type * as MetricSdk from "@opentelemetry/sdk-metrics";
import type * as TraceSdk from "@opentelemetry/sdk-trace-base";
import { loadOptionalPackage } from "../../base/optional-package.ts";
import { version } from "../../base/version.ts";
import type { TelemetryTarget } from "../telemetry.ts";
import { metricsTo } from "./metrics-to.ts";
import { spansTo } from "./spans-to.ts";

/** Packages that a user installs to export. */
const PACKAGES = [
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-metrics",
  "@opentelemetry/resources",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/exporter-metrics-otlp-http",
];

/** Where traces and numbers are sent. */
interface OtlpOptions {
  /** Base URL of a collector. `undefined`: `OTEL_EXPORTER_OTLP_ENDPOINT` and its relatives say it, which the SDK reads. */
  readonly endpoint: string | undefined;
  /** Used where `OTEL_SERVICE_NAME` is not set. */
  readonly serviceName: string;
  readonly exportsTraces: boolean;
  readonly exportsMetrics: boolean;
  /** Pause between two exports of numbers. */
  readonly metricsEveryMs: number;
  /** Called with a sentence, at most once a minute. */
  readonly warn: (message: string) => void;
}

const WARN_EVERY_MS = 60_000;
const CLOSE_MS = 2_000;
const LONGEST_EXPORT_MS = 30_000;

/**
 * Opens a target that sends to a collector by OTLP over HTTP. Sending waits for nothing and nothing waits for it: what the
 * collector does not take is dropped. `undefined`, with a warning, if the packages of OpenTelemetry are not installed.
 */
export async function openOtlpTarget(options: OtlpOptions): Promise<TelemetryTarget | undefined> {
  const { endpoint, serviceName, exportsTraces, exportsMetrics, metricsEveryMs: exportIntervalMillis, warn } = options;
  let loaded: readonly unknown[];
  try {
    loaded = await Promise.all(PACKAGES.map(loadOptionalPackage));
  } catch {
    warn(`Cannot export telemetry: OpenTelemetry is not installed. Install it with: npm install ${PACKAGES.join(" ")}`);
    return undefined;
  }
  const [traceSdk, metricSdk, resources, traceExporter, metricExporter] = loaded as [
    typeof TraceSdk,
    typeof MetricSdk,
    typeof Resources,
    typeof TraceExporter,
    typeof MetricExporter,
  ];
  const { resourceFromAttributes, detectResources, envDetector } = resources;
  const own = { "service.name": serviceName, "telemetry.sdk.language": "nodejs", "naftiko.version": version };
  const resource = resourceFromAttributes(own).merge(detectResources({ detectors: [envDetector] }));
  const told = warnSeldom(endpoint, warn);
  const openSpans = () => {
    const exporter = watched(new traceExporter.OTLPTraceExporter(signal(endpoint, "traces")), told);
    return new traceSdk.BasicTracerProvider({
      resource,
      // What is sampled was decided when the trace began.
      sampler: new traceSdk.AlwaysOnSampler(),
      spanProcessors: [new traceSdk.BatchSpanProcessor(exporter)],
    });
  };
  const openNumbers = () => {
    const exporter = watched(new metricExporter.OTLPMetricExporter(signal(endpoint, "metrics")), told);
    const exportTimeoutMillis = Math.min(exportIntervalMillis, LONGEST_EXPORT_MS);
    return new metricSdk.MeterProvider({
      resource,
      readers: [new metricSdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis })],
    });
  };
  const spans = exportsTraces ? openSpans() : undefined;
  const numbers = exportsMetrics ? openNumbers() : undefined;
  const shutDown = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, CLOSE_MS);
      void Promise.allSettled([spans?.shutdown(), numbers?.shutdown()]).then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  let closed: Promise<void> | undefined;
  return {
    spans: spans && spansTo(spans, () => undefined),
    metrics: numbers && metricsTo(numbers),
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}

/** Settings of an exporter. A password in the URL becomes a header: the exporter would drop it. */
function signal(
  endpoint: string | undefined,
  name: "traces" | "metrics",
): { url?: string; headers?: Record<string, string> } {
  if (endpoint === undefined) return {};
  const url = new URL(endpoint);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/${name}`;
  if (username === "" && password === "") return { url: url.href };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } };
}

interface Exporter {
  export(items: never, done: (result: { code: number; error?: Error }) => void): void;
}

/** Reports the failures of an exporter. */
function watched<Kind extends Exporter>(exporter: Kind, failed: (error: Error | undefined) => void): Kind {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, result => {
      if (result.code !== 0) failed(result.error);
      done(result);
    });
  return exporter;
}

function warnSeldom(endpoint: string | undefined, warn: (message: string) => void): (error: Error | undefined) => void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  const place = endpoint === undefined ? "the collector" : new URL(endpoint).origin;
  return error => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    warn(`Cannot send telemetry to ${place}: ${error?.message ?? "it was not taken"}. It is dropped`);
  };
}
