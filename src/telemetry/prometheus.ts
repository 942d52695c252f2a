import type { Metric, MetricValue, Registry } from "prom-client";
import type { Metrics } from "./metrics.ts";
import { BUCKETS, type Cell, type Series } from "./series.ts";

/** Numbers in the text format of Prometheus. */
interface PrometheusText {
  readonly contentType: string;
  readonly text: string;
}

/** Numbers of the process, which all capabilities share. Made when somebody asks first. */
let processMetrics: Registry | undefined;

/** Writes numbers in the text format of Prometheus, with those of the process. */
export async function prometheusText(metrics: Metrics): Promise<PrometheusText> {
  const { collectDefaultMetrics, Registry } = await import("prom-client");
  if (processMetrics === undefined) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  const registry = new Registry();
  for (const family of familiesOf(metrics)) registry.registerMetric(family as unknown as Metric);
  const texts = await Promise.all([registry.metrics(), processMetrics.metrics()]);
  return { contentType: registry.contentType, text: texts.join("\n") };
}

/** The part of a metric that a registry asks for: the numbers are kept by {@link Series} until then. */
interface Family {
  readonly name: string;
  get(): Promise<{
    readonly name: string;
    readonly help: string;
    readonly type: "counter" | "gauge" | "histogram";
    readonly values: readonly (MetricValue<string> & { readonly metricName?: string })[];
  }>;
}

function familiesOf({ requests, errors, steps, exchanges, active }: Metrics): Family[] {
  const gauged = [...active].map(name => ({ labels: { naftiko_capability: name }, value: 1 }));
  return [
    counter("naftiko.request.total", "Served requests", requests),
    histogram(requests),
    counter(errors.settings.name, errors.settings.help, errors),
    histogram(steps),
    counter("naftiko.http.client.total", "Requests to APIs", exchanges),
    histogram(exchanges),
    family("naftiko.capability.active", "Active capabilities", "gauge", gauged),
  ];
}

type Values = Awaited<ReturnType<Family["get"]>>["values"];

function family(dotted: string, help: string, type: "counter" | "gauge" | "histogram", values: Values): Family {
  const name = plainName(dotted);
  return { name, get: async () => ({ name, help, type, values }) };
}

function counter(name: string, help: string, { cells }: Series): Family {
  const values = cells.map(cell => ({ labels: plainLabels(cell), value: cell.count }));
  return family(name, help, "counter", values);
}

function histogram({ settings, cells }: Series): Family {
  const name = plainName(settings.name);
  const values = cells.flatMap(cell => {
    const labels = plainLabels(cell);
    let below = 0;
    const buckets = [...BUCKETS, "+Inf"].map((bound, index) => {
      below += cell.buckets[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: bound }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: cell.sum },
      { metricName: `${name}_count`, labels, value: cell.count },
    ];
  });
  return family(settings.name, settings.help, "histogram", values);
}

function plainLabels({ labels }: Cell): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [plainName(name), value]));
}

/** Prometheus has no dots in names. */
function plainName(name: string): string {
  return name.replaceAll(".", "_");
}
