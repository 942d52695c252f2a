import { type ContextManager, type MeterProvider, type TracerProvider, trace } from "@opentelemetry/api";
import { programApi } from "../program-api.ts";
import { Telemetry } from "../telemetry.ts";
import { metricsTo } from "./metrics-to.ts";
import { spansTo } from "./spans-to.ts";

/** The parts of OpenTelemetry that a program registers. */
interface ProgramApi {
  readonly trace?: TracerProvider;
  readonly metrics?: MeterProvider;
  readonly context?: ContextManager;
}

/**
 * Gives the calls of a program to its own OpenTelemetry. They take part in the trace that is under way there; its sampler
 * decides about others.
 */
export function openProgramTelemetry(): Telemetry {
  const { trace: tracers, metrics, context } = programApi() as ProgramApi;
  const telemetry = new Telemetry();
  const settings = { sampling: tracers === undefined ? 0 : 1, propagation: "w3c", traceBuffer: undefined } as const;
  telemetry.configure(settings, {
    spans: tracers && spansTo(tracers, () => context && trace.getSpanContext(context.active())),
    metrics: metrics && metricsTo(metrics),
    // The program closes what it has opened.
    async close() {},
  });
  return telemetry;
}
