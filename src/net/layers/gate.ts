import { getOrSet } from "../../base/get-or-set.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import type { Layer } from "../transport.ts";
import { HostGate, type HostLimits } from "./host-gate.ts";
import type { Hosts } from "./hosts.ts";

/** Limits of the requests of one operation. */
export interface GateOptions {
  readonly limits: HostLimits;
  /** The operation: requests of different lanes take turns. */
  readonly lane: object;
  /** Makes the limits those of all processes that share. `undefined`: they are those of this one. */
  readonly sharing: Sharing | undefined;
}

/** Holds the requests to each host to limits, together with all others of the wire that have the same limits. */
export function gate({ limits, lane, sharing }: GateOptions, hosts: Hosts): Layer {
  const key = JSON.stringify(limits);
  return next => (request, exchange) => {
    const { gates, origin } = hosts.of(request.url);
    return getOrSet(gates, key, () => new HostGate(limits, origin, sharing)).send({ next, request, exchange, lane });
  };
}
