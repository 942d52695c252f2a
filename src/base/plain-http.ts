import type { Remedy } from "./remedy.ts";

/**
 * Tells whether a secret in a request to `url` could be read on the way: plain `http`, to another host than this one. A
 * proxy changes nothing about it: it forwards a plain `http` request as one.
 */
export function isExposed(url: string): boolean {
  if (!url.startsWith("http:") || PLAIN_LOOPBACK.test(url)) return false;
  return !isLoopback(new URL(url).hostname);
}

/** Usual spelling of a loopback address, to avoid parsing. A user name before the host does not pass for it. */
const PLAIN_LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?#]|$)/;

/** 127.0.0.0/8 as IPv6 writes it (RFC 4291, 2.5.5.2), and `::1` (2.5.3). */
const LOOPBACK_6 = /^\[::(?:1|ffff:7f[\da-f]{2}:[\da-f]{1,4})\]$/;

/**
 * Tells whether a request to a host never leaves this computer: `localhost` and the loopback addresses (RFC 6761, 6.3;
 * RFC 1122, 3.2.1.3). Names below `localhost` do not count: Node asks the DNS for them, and the answer may be any host.
 *
 * @param hostname as in a `URL`: in lower case, addresses in their shortest form
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || /^127\.\d+\.\d+\.\d+$/.test(hostname) || LOOPBACK_6.test(hostname);
}

/** A remedy for a secret that would be exposed. */
export const ALLOW_PLAIN_HTTP: Remedy = { option: "allowInsecureAuthentication", value: true };
