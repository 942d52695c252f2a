import { isCapabilityError } from "../../base/capability-error.ts";
import type { Transport } from "../transport.ts";
import { abortedError } from "../transport-error.ts";
import type { AttemptOptions, Outcome } from "./attempts.ts";
import { hostsOf } from "./hosts.ts";

/**
 * Sends a request, and again where it failed and that may help. What decides about that is loaded with the first failure:
 * most calls have none.
 *
 * @param wire whose hosts the requests are for
 */
export function attemptsTransport(transport: Transport, wire: Transport, options: AttemptOptions): Transport {
  const hosts = hostsOf(wire);
  return async (request, exchange) => {
    const { closing, deadline } = exchange.watch;
    if (closing?.aborted) throw abortedError(request.url, closing);
    const host = hosts.of(request.url);
    host.calls++;
    deadline?.begin(request.url);
    let outcome: Outcome;
    try {
      const response = await transport(request, exchange);
      if (response.status < 400) return response;
      outcome = { response };
    } catch (error) {
      // Nothing of it may pass: what would decide that need not be loaded.
      if (isCapabilityError(error, "ABORTED")) throw error;
      outcome = { error };
    }
    const { settle } = await import("./attempts.ts");
    return settle({ transport, request, exchange, host, options }, outcome);
  };
}
