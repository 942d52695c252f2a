import { buildConnector } from "undici";
import { changeError, isCapabilityError } from "../../base/capability-error.ts";
import type { HttpRequest } from "../http-request.ts";
import type { ConnectPlan } from "../transport.ts";
import { connectOptions, type WireOptions } from "./connect-options.ts";
import { USUAL_RULES } from "./connection-rules.ts";
import type { ProxyServer } from "./proxy/proxies.ts";
import { openTunnel, serverNameOf, type TunnelOptions } from "./proxy/tunnel.ts";
import { tlsOptions } from "./tls-options.ts";

/**
 * Returns the error of a connection as that of one request: the connections of a pool are for many requests, and only
 * know the origin.
 */
export function connectionError(error: Error, url: string): Error {
  if (
    !isCapabilityError(error, "NETWORK") &&
    !isCapabilityError(error, "EGRESS_REFUSED") &&
    !isCapabilityError(error, "TIMEOUT")
  )
    return error;
  return changeError<"NETWORK" | "EGRESS_REFUSED" | "TIMEOUT">(error, { details: { ...error.details, url } });
}

/** Methods whose bodies undici writes in HTTP/2. */
const FRAMED = new Set(["POST", "PUT", "PATCH"]);

/**
 * Returns the same plan, without HTTP/2 for a body that undici cannot write there (its release 7 fails an assertion).
 */
export function withFramedBody({ method, body }: HttpRequest, plan: ConnectPlan): ConnectPlan {
  const { rules } = plan;
  if (body === undefined || rules === undefined || FRAMED.has(method)) return plan;
  return { ...plan, rules: { ...rules, id: `${rules.id} http1`, http2: false } };
}

/**
 * Returns the connector or the options by which undici opens the connections of a pool.
 *
 * @param origin origin of the requests
 * @throws CapabilityError `EGRESS_REFUSED`
 */
export function connectBy(
  origin: string,
  { tls, rules, proxy }: ConnectPlan,
  timeout: number,
  wire: WireOptions,
): buildConnector.BuildOptions | buildConnector.connector {
  if (rules === undefined && proxy === undefined) return { timeout, ...(tls && tlsOptions(tls)) };
  const options = connectOptions(origin, rules ?? USUAL_RULES, tls, wire);
  const allowH2 = rules?.http2 ?? false;
  if (proxy === undefined) return { timeout, allowH2, ...options };
  if (origin.startsWith("http:")) return forwardConnector(proxy, buildConnector({ timeout, ...options }));
  return tunnelConnector(
    proxy,
    origin,
    { ...options, timeoutMs: timeout },
    buildConnector({ timeout, allowH2, ...options }),
  );
}

/** Creates a connector that checks the proxy's own name in its certificate. undici would take that of the `host` field. */
function forwardConnector(proxy: ProxyServer, connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) => connect({ ...target, ...serverNameOf(proxy.hostname) }, callback);
}

function tunnelConnector(
  proxy: ProxyServer,
  origin: string,
  options: TunnelOptions,
  connect: buildConnector.connector,
): buildConnector.connector {
  return (target, callback) => {
    openTunnel(proxy, origin, options).then(
      httpSocket => connect({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}
