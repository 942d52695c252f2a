import type { Transport } from "../transport.ts";
import type { RedirectOptions } from "./redirects.ts";

/** Redirects that are followed at most, where nobody says otherwise. */
export const DEFAULT_MAX_REDIRECTS = 5;

/**
 * A transport that follows redirects, as `followRedirects` says. What follows them is loaded with the first.
 */
export function redirectTransport(transport: Transport, options: RedirectOptions): Transport {
  if (options.maxRedirects === 0) return transport;
  return async (request, exchange) => {
    const startMs = performance.now();
    const response = await transport(request, exchange);
    if (response.status < 300 || response.status > 399 || response.headers["location"] === undefined)
      return response;
    const { followRedirects } = await import("./redirects.ts");
    return followRedirects({ request, response, exchange, startMs }, transport, options);
  };
}
