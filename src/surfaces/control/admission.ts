import type { FastifyRequest } from "fastify";
import type { ControlAdapter } from "../../language/model/exposed/types.ts";
import { Refusal } from "../../serving/refusal.ts";

/**
 * Lets requests in that a web page must not send. A control adapter without authentication trusts the programs of its own
 * computer: a browser is one of them, and does what any page asks of it.
 *
 * @throws Refusal 403
 */
export function requireAllowed(
  { headers, socket }: Pick<FastifyRequest, "headers" | "socket">,
  { address, authentication }: Pick<ControlAdapter, "address" | "authentication">,
  { isChange, isHealth }: { readonly isChange: boolean; readonly isHealth: boolean },
): void {
  const { host = "" } = headers;
  // A page whose name leads to this computer has the name in Host: no other program does.
  const isGuarded = authentication !== undefined;
  const isHere = isLoopback(socket.localAddress);
  if (!isGuarded && !isHealth && isHere && !isLoopbackName(hostName(host)) && hostName(host) !== address) {
    throw new Refusal(403, `The control adapter has no authentication, and is not asked for as ${hostName(host)}`);
  }
  if (!isChange) return;
  if (!isGuarded && !isLoopback(socket.remoteAddress)) {
    throw new Refusal(403, "The control adapter has no authentication: only this computer may change something");
  }
  const site = headers["sec-fetch-site"];
  const { origin } = headers;
  const isForeign = origin !== undefined && originHost(origin) !== host;
  if (isForeign || (site !== undefined && site !== "same-origin" && site !== "none")) {
    throw new Refusal(403, "A page of another site may change nothing");
  }
}

function hostName(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]*)$/i.exec(origin)?.[1];
}

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || isLoopback(name);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (/^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === "::1");
}
