import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../../../base/plain-http.ts";

/** The address that an endpoint has for its clients. */
export interface EndpointAddress {
  /** Host that is listened on. */
  readonly host: string;
  /** Origins whose pages may call; `*` for all. Their hosts may be asked for too. */
  readonly origins: readonly string[];
  /** URL by which an authorization server knows the endpoint. */
  readonly resource: string | undefined;
}

/**
 * Makes what finds requests that a page of somebody else may have sent: a name of its own that leads to this computer
 * gives a page the way to a server that only programs of this computer should reach ("DNS rebinding").
 *
 * @returns what is wrong with the sender of a request; `undefined` if nothing is
 */
export function senderCheck({
  host,
  origins,
  resource,
}: EndpointAddress): (headers: IncomingHttpHeaders) => string | undefined {
  if (origins.includes("*")) return () => undefined;
  const bound = hostnameOf(host.includes(":") && !host.startsWith("[") ? `[${host}]` : host) ?? host;
  const isLocal = isLoopback(bound);
  const allowed = new Set(origins.map(originOf));
  const hosts = new Set([bound, ...[...origins, ...(resource === undefined ? [] : [resource])].flatMap(hostOfUrl)]);
  // The last ones are nearly always those of the next request too.
  let usualHost: string | undefined;
  let usualOrigin: string | undefined;

  const isKnownHost = (written: string): boolean => {
    // Others reach it by names that nobody here knows. Pages have an origin, and that is checked.
    if (!isLocal) return true;
    const hostname = hostnameOf(written);
    return hostname !== undefined && (isLoopback(hostname) || hosts.has(hostname));
  };
  const isKnownOrigin = (written: string): boolean => {
    if (allowed.has(originOf(written))) return true;
    const [hostname] = hostOfUrl(written);
    return hostname !== undefined && (hostname === bound || (isLocal && isLoopback(hostname)));
  };

  return ({ host: written = "", origin }) => {
    if (written !== usualHost) {
      if (!isKnownHost(written)) return "The Host header names another server; --cors-origin allows others";
      usualHost = written;
    }
    if (origin === undefined || origin === usualOrigin) return undefined;
    if (!isKnownOrigin(origin)) return "Pages of this Origin may not call the server; --cors-origin allows others";
    usualOrigin = origin;
    return undefined;
  };
}

function hostnameOf(host: string): string | undefined {
  return hostOfUrl(`http://${host}`)[0];
}

function hostOfUrl(url: string): string[] {
  return URL.canParse(url) && /^https?:/i.test(url) ? [new URL(url).hostname] : [];
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
