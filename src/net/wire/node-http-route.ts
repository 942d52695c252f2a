import { type ClientRequest, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { connectOptions, type WireOptions } from "../connect/connect-options.ts";
import { USUAL_RULES } from "../connect/connection-rules.ts";
import type { ProxyServer } from "../connect/proxy/proxies.ts";
import { openTunnel, proxyHeaders, serverNameOf } from "../connect/proxy/tunnel.ts";
import type { ConnectPlan } from "../transport.ts";

/** Another way to the server than the usual one. */
export interface Route {
  readonly start: (options: RequestOptions) => ClientRequest;
  /** Laid over the usual ones. */
  readonly options: RequestOptions;
  /** Fields for the proxy, sent with the request. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Returns the way that rules and a proxy prescribe.
 *
 * @throws CapabilityError `EGRESS_REFUSED`
 */
export function routeTo(url: string, { rules = USUAL_RULES, proxy, tls }: ConnectPlan, wire: WireOptions): Route {
  const options = connectOptions(url, rules, tls, wire);
  const isSecure = url.startsWith("https:");
  if (proxy === undefined) return { start: isSecure ? requestHttps : requestHttp, options, headers: {} };
  return isSecure ? tunnelled(url, proxy, options) : forwarded(url, proxy, options);
}

/** Returns the way through a proxy that gets the request itself, with the whole URL in it (RFC 9112, 3.2.2). */
function forwarded(url: string, proxy: ProxyServer, options: ConnectionOptions): Route {
  const { protocol, hostname, port } = proxy;
  return {
    start: protocol === "https:" ? requestHttps : requestHttp,
    options: { ...options, protocol, hostname, port, path: url, ...serverNameOf(hostname) },
    headers: proxyHeaders(proxy, new URL(url).host),
  };
}

function tunnelled(url: string, proxy: ProxyServer, options: ConnectionOptions): Route {
  const opening = new AbortController();
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  const createConnection: NonNullable<RequestOptions["createConnection"]> = (_, callback) => {
    const { signal } = opening;
    openTunnel(proxy, url, { ...options, signal, timeoutMs: 0 }).then(
      socket => callback(null, connect({ ...options, socket, host, ...serverNameOf(host) })),
      (error: Error) => callback(error, undefined as unknown as Socket),
    );
    return undefined;
  };
  return {
    start(request) {
      // Without an agent, which has its own way to connect.
      const client = requestHttps({ ...request, agent: undefined });
      client.once("close", () => opening.abort());
      return client;
    },
    options: { createConnection, defaultPort: 443 },
    headers: {},
  };
}
