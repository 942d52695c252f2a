import type { ResponseCache } from "./cache/response-cache.ts";
import type { EgressPolicy } from "./connect/egress/egress-policy.ts";
import { attempts } from "./layers/attempts.ts";
import type { RedirectOptions } from "./layers/follow.ts";
import type { GateOptions } from "./layers/gate.ts";
import { paced } from "./layers/paced.ts";
import { redirects } from "./layers/redirects.ts";
import type { AttemptOptions } from "./layers/repeat.ts";
import type { TraceOptions } from "./layers/trace.ts";
import type { Layer, Send } from "./transport.ts";
import type { Wire } from "./wire.ts";

/** The settings of all layers. A layer without settings is left out. */
export interface LayerPlan {
  readonly attempts: AttemptOptions | undefined;
  readonly redirects: RedirectOptions | undefined;
  readonly egress: EgressPolicy | undefined;
  readonly cache: ResponseCache | undefined;
  readonly gate: GateOptions | undefined;
  readonly trace: TraceOptions | undefined;
  /** Whether each request and its answer are told to the listener of the exchange. */
  readonly isObserved: boolean;
}

/**
 * Returns the way from a call to the wire: these layers, the first one first. Each request passes them in this order, its
 * answer in the reverse order. Layers that few calls need are loaded here. The authentication session sends through them:
 * it stands before the first. Recording and replay stand behind the last: each is the transport of the wire.
 */
export async function sendThrough(plan: LayerPlan, wire: Wire): Promise<Send> {
  const { egress, cache, gate, trace, isObserved } = plan;
  const layers: readonly (Layer | undefined | false)[] = [
    plan.attempts && attempts(plan.attempts, wire.hosts),
    plan.redirects && redirects(plan.redirects),
    egress && (await import("./layers/guard.ts")).guard(egress),
    cache && (await import("./cache/share.ts")).share(cache.flights),
    cache && (await import("./cache/keep.ts")).keep(cache),
    gate && (await import("./layers/gate.ts")).gate(gate, wire.hosts),
    // Requests of no operation, such as that for a token, belong to no batch.
    plan.attempts && paced,
    trace && (await import("./layers/trace.ts")).trace(trace),
    isObserved && (await import("./layers/observe.ts")).observe,
    wire.isForeign && (await import("./layers/foreign-transport.ts")).holdToBounds,
  ];
  return layers.reduceRight<Send>((next, layer) => (layer ? layer(next) : next), wire.transport);
}
