import { type EgressPolicy, requireAllowedHost } from "../connect/egress/egress-policy.ts";
import type { Layer } from "../transport.ts";

/** Sends to the hosts of a policy alone. */
export function guard(egress: EgressPolicy): Layer {
  return next => (request, exchange) => {
    try {
      requireAllowedHost(request.url, egress, request.url);
    } catch (error) {
      return Promise.reject(error);
    }
    return next(request, exchange);
  };
}
