import { getOrSet } from "../../base/get-or-set.ts";
import type { Layer } from "../transport.ts";
import { HostGate, type HostLimits } from "./host-gate.ts";
import type { Hosts } from "./hosts.ts";

/** Limits of the requests of one operation. */
export interface GateOptions {
  readonly limits: HostLimits;
  /** The operation: requests of different lanes take turns. */
  readonly lane: object;
}

/** Holds the requests to each host to limits, together with all others of the wire that have the same limits. */
export function gate({ limits, lane }: GateOptions, hosts: Hosts): Layer {
  const key = JSON.stringify(limits);
  return next => (request, exchange) => {
    const { gates } = hosts.of(request.url);
    return getOrSet(gates, key, () => new HostGate(limits)).send({ next, request, exchange, lane });
  };
}
