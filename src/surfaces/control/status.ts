import { isJsonObject } from "../../base/json-object.ts";
import { version } from "../../base/version.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { ControlRoute } from "./control-route.ts";
import { adapterEntries } from "./health.ts";

export const statusRoutes: readonly ControlRoute[] = [
  {
    path: "/status",
    isOn: ({ management }) => management.info,
    methods: {
      GET: (controlled, found) => {
        const { runtime, service } = controlled;
        const { telemetry } = runtime.opening.surroundings;
        const value = {
          capability: capabilityFacts(runtime),
          engine: { version, node: process.versions.node },
          uptime: isoDuration(Date.now() - service.startedAt),
          otel: { status: telemetry?.isOn ? "active" : "inactive" },
          adapters: adapterEntries(controlled, found),
        };
        return { status: 200, value };
      },
    },
  },
];

interface CapabilityFacts {
  readonly label: string;
  readonly specVersion: string;
}

/** Returns what the file says of itself. */
export function capabilityFacts({ document, name }: Pick<Runtime, "document" | "name">): CapabilityFacts {
  const { value } = document.source;
  const info = isJsonObject(document.value) && isJsonObject(document.value.info) ? document.value.info : {};
  const written = isJsonObject(value) ? (value.naftiko ?? value.ikanos) : undefined;
  return { label: typeof info.label === "string" ? info.label : name, specVersion: String(written ?? "") };
}

/** Writes a duration in ISO 8601, without days: `PT26H3M4.5S`. */
function isoDuration(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const seconds = (milliseconds % 60_000) / 1_000;
  const parts = [hours > 0 ? `${hours}H` : "", minutes > 0 ? `${minutes}M` : "", seconds > 0 ? `${seconds}S` : ""];
  return `PT${parts.join("") || "0S"}`;
}
