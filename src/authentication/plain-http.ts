/**
 * Tells whether a credential in a request to `url` could be read on the way: plain `http`, to another host than this
 * one.
 */
export function isExposed(url: string): boolean {
  if (!url.startsWith("http:") || PLAIN_LOOPBACK.test(url)) return false;
  return !isLoopback(new URL(url).hostname);
}

/** The usual way to write one, told without the cost of parsing; a user name before the host does not pass for it. */
const PLAIN_LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?#]|$)/;

/** `localhost` and the addresses that never leave this computer (RFC 6761, 6.3; RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** What to do about a credential that would be exposed. */
export const PLAIN_HTTP_ADVICE =
  "use https, or allow it with --allow-insecure-auth (in the library allowInsecureAuthentication)";
