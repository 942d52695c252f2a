import type { Transport } from "../transport.ts";
import { HostGate, type HostLimits } from "./host-gate.ts";
import { hostsOf } from "./hosts.ts";

/**
 * Holds the requests to each host to limits, together with all others of the transport that have the same limits.
 *
 * @param lane whose the requests are: those of different lanes take turns
 */
export function gatedTransport(transport: Transport, lane: object, limits: HostLimits): Transport {
  const hosts = hostsOf(transport);
  const key = JSON.stringify(limits);
  return (request, exchange) => {
    const { gates } = hosts.of(request.url);
    let gate = gates.get(key);
    if (gate === undefined) {
      gate = new HostGate(limits);
      gates.set(key, gate);
    }
    return gate.send({ transport, request, exchange, lane });
  };
}
