import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { CapabilityError } from "../../../base/capability-error.ts";
import { connectTimeoutError } from "../../transport-error.ts";
import type { ProxyServer } from "./proxies.ts";
import { proxyRefused, proxyUnreachable } from "./proxy-error.ts";

export interface TunnelOptions {
  readonly signal?: AbortSignal;
  /** `0` means no limit. */
  readonly timeoutMs: number;
  /** Trusted authorities for a proxy that is reached by TLS. */
  readonly secureContext?: SecureContext | undefined;
}

/**
 * Asks a proxy for a connection to the host of a URL (RFC 9110, 9.3.6). The proxy forwards its bytes, beginning with TLS.
 *
 * @throws CapabilityError `NETWORK`, with the answer of the proxy
 */
export function openTunnel(
  proxy: ProxyServer,
  url: string,
  { signal, timeoutMs, secureContext }: TunnelOptions,
): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const target = `${hostname}:${port === "" ? 443 : port}`;
  return new Promise((resolve, reject) => {
    const isSecure = proxy.protocol === "https:";
    const asking = (isSecure ? requestHttps : requestHttp)({
      method: "CONNECT",
      hostname: proxy.hostname,
      port: proxy.port,
      path: target,
      headers: proxyHeaders(proxy, target),
      agent: false,
      signal,
      ...(isSecure ? serverNameOf(proxy.hostname) : {}),
      ...(isSecure && secureContext !== undefined ? { secureContext } : {}),
    });
    const timer =
      timeoutMs > 0 ? setTimeout(() => asking.destroy(connectTimeoutError(url, timeoutMs)), timeoutMs) : undefined;
    asking.on("connect", ({ statusCode = 0, statusMessage = "" }, socket: Socket, head: Buffer) => {
      clearTimeout(timer);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(proxyRefused(proxy, url, statusCode, statusMessage));
    });
    asking.on("error", error => {
      clearTimeout(timer);
      reject(error instanceof CapabilityError ? error : proxyUnreachable(error, proxy, url));
    });
    asking.end();
  });
}

/** Returns the fields of a request that are for the proxy. */
export function proxyHeaders({ authorization }: ProxyServer, host: string): Record<string, string> {
  return { host, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) };
}

/** Returns the server's name for TLS, instead of that in a `host` field. An address has no name there (RFC 6066, 3). */
export function serverNameOf(hostname: string): { readonly servername: string } {
  return { servername: isIP(hostname) === 0 ? hostname : "" };
}
