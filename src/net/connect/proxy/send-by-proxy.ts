import { CapabilityError, isCapabilityError } from "../../../base/capability-error.ts";
import type { HttpRequest } from "../../http-request.ts";
import type { Exchange, HttpResponse, Send } from "../../transport.ts";
import type { Proxies, ProxyServer } from "./proxies.ts";
import { proxyRefused, proxyUnreachable } from "./proxy-error.ts";

/** Sends a request through the proxy of its URL, if it has one. */
export async function sendByProxy(
  send: Send,
  proxies: Proxies,
  request: HttpRequest,
  exchange: Exchange,
): Promise<HttpResponse> {
  const proxy = proxies.for(request.url);
  if (proxy === undefined) return send(request, exchange);
  const { url } = request;
  if (exchange.connect.rules?.publicOnly) throw lookedUpElsewhere(url, proxy);
  const through = { ...exchange, connect: { ...exchange.connect, proxy } };
  // A failure in an open tunnel is not the proxy's.
  if (url.startsWith("https:")) return send(request, through);
  let response: HttpResponse;
  try {
    response = await send(request, through);
  } catch (error) {
    throw isCapabilityError(error, "NETWORK") ? proxyUnreachable(error, proxy, url) : error;
  }
  // A proxy that does not forward a request of plain http answers itself (RFC 9110, 15.5.8).
  if (response.status !== 407) return response;
  await response.chunks?.return?.();
  throw proxyRefused(proxy, url, response.status, response.statusText);
}

function lookedUpElsewhere(url: string, { host: proxy, variable }: ProxyServer): CapabilityError {
  const { hostname: host } = new URL(url);
  return new CapabilityError("EGRESS_REFUSED", {
    message: `Cannot send to ${host}: it would go through the proxy ${proxy} (${variable}), which looks the name up itself, so its address could not be checked to be public; unset ${variable}, or name the host in NO_PROXY`,
    details: { host, url },
    remedies: [{ option: "egress", value: "any" }],
  });
}
