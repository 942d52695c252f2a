import { isCapabilityError } from "../../base/capability-error.ts";
import type { HttpResponse, Layer } from "../transport.ts";
import { exchangeAborted } from "../transport-error.ts";
import type { Hosts } from "./hosts.ts";
import type { AttemptOptions, Outcome } from "./repeat.ts";

/**
 * Sends a request, and again where it failed and that may help. `repeat` decides about that. It is loaded with the first
 * failure: most calls have none.
 */
export function attempts(options: AttemptOptions, hosts: Hosts): Layer {
  return next => (request, exchange) => {
    const { closing, deadline } = exchange.watch;
    if (closing?.aborted) return Promise.reject(exchangeAborted(request.url, closing));
    const host = hosts.of(request.url);
    host.calls++;
    deadline?.begin(request.url);
    const settle = async (first: Outcome): Promise<HttpResponse> => {
      const { repeat } = await import("./repeat.ts");
      return repeat({ next, request, exchange, host, options }, first);
    };
    return next(request, exchange).then(
      response => (response.status < 400 ? response : settle({ response })),
      (error: unknown) => {
        // Nothing of it may pass: what would decide that need not be loaded.
        if (isCapabilityError(error, "ABORTED")) throw error;
        return settle({ error });
      },
    );
  };
}
