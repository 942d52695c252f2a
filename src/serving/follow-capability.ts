import type { Environment } from "../base/environment.ts";
import { renderText } from "../engine/request/render-template.ts";
import { references } from "../engine/request/template-references.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { ObservabilitySettings } from "../language/model/exposed/types.ts";
import { type EnvironmentSettings, environmentSettings } from "../telemetry/environment-settings.ts";
import type { Telemetry, TelemetryTarget } from "../telemetry/telemetry.ts";

/** The surroundings of telemetry. */
interface FollowContext {
  readonly env: Environment;
  /** Called with a sentence about what is not followed, with secrets in it. */
  readonly warn: (message: string) => void;
}

/**
 * Sets the telemetry of a served capability up, as its control adapter and the variables of OpenTelemetry say. Without both
 * it stays off. A collector that cannot be used is told of, and ends nothing.
 */
export async function followCapability(telemetry: Telemetry, runtime: Runtime, context: FollowContext): Promise<void> {
  const control = runtime.exposed.adapters.find(({ type }) => type === "control");
  const observability = control?.type === "control" ? control.observability : undefined;
  const variables = environmentSettings(context.env);
  const mayExport =
    (variables.exportsTraces || variables.exportsMetrics) &&
    (variables.hasEndpoint || observability?.otlpEndpoint !== undefined);
  if (!(observability?.enabled ?? mayExport)) return telemetry.configure(undefined, undefined);
  const target = mayExport ? await exportTarget(runtime, observability, variables, context) : undefined;
  const { sampling, propagation } = observability ?? variables;
  telemetry.configure({ sampling, propagation, traceBuffer: observability?.traceBuffer }, target);
  telemetry.metrics.active.add(runtime.name);
}

async function exportTarget(
  runtime: Runtime,
  observability: ObservabilitySettings | undefined,
  { exportsTraces, exportsMetrics, metricsEveryMs }: EnvironmentSettings,
  { warn }: FollowContext,
): Promise<TelemetryTarget | undefined> {
  const { openOtlpTarget } = await import("../telemetry/opentelemetry/otlp-target.ts");
  try {
    const endpoint = await endpointOf(runtime, observability);
    const serviceName = runtime.model.info.label ?? runtime.name;
    return await openOtlpTarget({ endpoint, serviceName, exportsTraces, exportsMetrics, metricsEveryMs, warn });
  } catch (error) {
    warn(`Cannot export the telemetry of "${runtime.name}": ${(error as Error).message}`);
    return undefined;
  }
}

/** Looks up the endpoint that the file names. It may hold a password. */
function endpointOf(runtime: Runtime, observability: ObservabilitySettings | undefined): Promise<string | undefined> {
  const template = observability?.otlpEndpoint;
  if (template === undefined) return Promise.resolve(undefined);
  return runtime.perform(async () => {
    const found = references([[template, {}]]);
    const request = { operation: "the exporter otlp", ...found, mayBeEmpty: new Set<never>() };
    const text = renderText(template, { inputs: new Map(), binds: await runtime.binds.resolve(request) }) ?? "";
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new TypeError("exporters.otlp.endpoint is not the URL of a collector, such as http://localhost:4318");
    if (url.password !== "") runtime.secrets.add(decodeURIComponent(url.password));
    return url.href;
  });
}
