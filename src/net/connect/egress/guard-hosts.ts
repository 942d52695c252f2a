import type { Transport } from "../../transport.ts";
import { type EgressPolicy, requireAllowedHost } from "./egress-policy.ts";

/** A transport that sends to the hosts of a policy alone. */
export function guardHosts(transport: Transport, egress: EgressPolicy): Transport {
  return async (request, exchange) => {
    requireAllowedHost(request.url, egress, request.url);
    return transport(request, exchange);
  };
}
