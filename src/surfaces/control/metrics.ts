import { Refusal } from "../../serving/refusal.ts";
import { prometheusText } from "../../telemetry/prometheus.ts";
import type { Telemetry } from "../../telemetry/telemetry.ts";
import type { Controlled, ControlRoute } from "./control-route.ts";

export const metricsRoutes: readonly ControlRoute[] = [
  {
    path: "/metrics",
    isOn: ({ observability }) => observability.enabled && observability.metrics,
    methods: {
      GET: async controlled => {
        const { contentType, text } = await prometheusText(activeTelemetry(controlled).metrics);
        return { status: 200, contentType, text };
      },
    },
  },
  {
    path: "/traces",
    isOn: ({ observability }) => observability.enabled && observability.traceBuffer !== undefined,
    methods: {
      GET: (controlled, { query }) => {
        const operation = query.get("operation") ?? undefined;
        const status = query.get("status") ?? undefined;
        const page = activeTelemetry(controlled).tracesPage({ operation, status });
        if (page === undefined) throw inactive();
        return { status: 200, value: page };
      },
    },
  },
  {
    path: "/traces/{id}",
    isOn: ({ observability }) => observability.enabled && observability.traceBuffer !== undefined,
    methods: {
      GET: (controlled, { name }) => {
        const trace = activeTelemetry(controlled).traceById(name.toLowerCase());
        if (trace === undefined) throw new Refusal(404, "There is no such trace among those that are kept");
        return { status: 200, value: trace };
      },
    },
  },
];

function activeTelemetry({ runtime }: Controlled): Telemetry {
  const { telemetry } = runtime.opening.surroundings;
  if (telemetry === undefined || !telemetry.isOn) throw inactive();
  return telemetry;
}

function inactive(): Refusal {
  return new Refusal(503, "Telemetry is not active");
}
