import type { Environment } from "../base/environment.ts";
import type { Propagation } from "./propagation.ts";

/** What the variables of OpenTelemetry say (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). */
export interface EnvironmentSettings {
  /** Whether traces may be exported, whatever else is set. */
  readonly exportsTraces: boolean;
  readonly exportsMetrics: boolean;
  /** Whether they name a collector. */
  readonly hasEndpoint: boolean;
  readonly sampling: number;
  readonly propagation: Propagation;
  /** Pause between two exports of numbers, in milliseconds. */
  readonly metricsEveryMs: number;
}

const ENDPOINTS = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
] as const;
const USUAL_INTERVAL_MS = 60_000;

/** Reads the variables of OpenTelemetry. Those about sending are read by its SDK. */
export function environmentSettings(env: Environment): EnvironmentSettings {
  const interval = Number(env["OTEL_METRIC_EXPORT_INTERVAL"]);
  const isDisabled = env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true";
  const exportsTraces = !isDisabled && env["OTEL_TRACES_EXPORTER"] !== "none";
  const exportsMetrics = !isDisabled && env["OTEL_METRICS_EXPORTER"] !== "none";
  return {
    exportsTraces,
    exportsMetrics,
    hasEndpoint: ENDPOINTS.some(name => env[name]),
    sampling: samplingOf(env["OTEL_TRACES_SAMPLER"] ?? "", Number(env["OTEL_TRACES_SAMPLER_ARG"] ?? 1)),
    propagation: /\bb3(?:multi)?\b/.test(env["OTEL_PROPAGATORS"] ?? "") ? "b3" : "w3c",
    metricsEveryMs: interval > 0 ? interval : USUAL_INTERVAL_MS,
  };
}

function samplingOf(sampler: string, share: number): number {
  if (sampler.endsWith("always_off")) return 0;
  return sampler.endsWith("traceidratio") && share >= 0 && share <= 1 ? share : 1;
}
