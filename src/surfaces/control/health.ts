import type { Controlled, ControlRequest, ControlRoute } from "./control-route.ts";

/** An adapter of the capability, and whether it takes calls. */
interface AdapterEntry {
  readonly type: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly state: "started" | "stopped";
}

export const healthRoutes: readonly ControlRoute[] = [
  {
    path: "/health/live",
    isOn: ({ management }) => management.health,
    methods: { GET: () => ({ status: 200, value: { status: "UP" } }) },
  },
  {
    path: "/health/ready",
    isOn: ({ management }) => management.health,
    methods: {
      GET: (controlled, found) => {
        const { isReady, adapters } = controlled.service;
        const isUp = isReady && adapters.every(({ state }) => state === "started");
        const value = { status: isUp ? "UP" : "DEGRADED", adapters: adapterEntries(controlled, found) };
        return { status: isUp ? 200 : 503, value };
      },
    },
  },
];

/** Lists the adapters in the order of the file. The control adapter itself answers, so that it is started. */
export function adapterEntries({ runtime, service }: Controlled, { request }: ControlRequest): readonly AdapterEntry[] {
  const others = [...service.adapters];
  return runtime.exposed.adapters.flatMap(({ type }): AdapterEntry[] => {
    if (type === "control") return [{ type, ...portOf(request.socket.localPort), state: "started" }];
    const next = others.shift();
    return next === undefined ? [] : [{ type, namespace: next.namespace, ...portOf(next.port), state: next.state }];
  });
}

function portOf(port: number | undefined): { readonly port?: number } {
  return port === undefined ? {} : { port };
}
