import { PageError } from "./scheme.ts";

const LONGEST_URL = 65_536;

/** A segment that a server may read as "..", even percent-encoded: WHATWG URLs fold only whole segments. */
const WAY_UP = /(?:^|\/|\\|%2f|%5c)(?:\.|%2e){2}(?:\/|\\|%2f|%5c|$)/i;

interface FollowedFrom {
  /** URL of the request. */
  readonly url: string;
  /** The base URI of the call. Every page is below it. */
  readonly baseUri: string;
  /** Query parameters of every request of the operation. They are added to the URL of the next page if it lacks them. */
  readonly fixed: readonly string[];
}

/**
 * Resolves the URL of the next page that an API names. The request goes there with its credentials, so the URL must have
 * the scheme, host and port of the base URI, and be below it.
 *
 * @param target absolute, or relative to the URL of the request (RFC 3986, 5)
 * @throws PageError
 */
export function resolveNextUrl(target: string, { url, baseUri, fixed }: FollowedFrom): string {
  if (target.length > LONGEST_URL) throw new PageError("names a next page by a URL that is too long");
  const shown = JSON.stringify(target);
  // URL.parse, which does not throw, is not in Node 20.
  if (!URL.canParse(target, url)) throw new PageError(`names a next page by ${shown}, which is not a URL`);
  const next = new URL(target, url);
  const base = new URL(baseUri);
  if (next.origin !== base.origin)
    throw new PageError(`names a next page at another origin, ${shown}, which gets no credentials of ${base.origin}`);
  if (next.username !== "" || next.password !== "")
    throw new PageError("names a next page by a URL with a user name or password");
  const folder = `${base.pathname.replace(/\/+$/, "")}/`;
  if (!`${next.pathname}/`.startsWith(folder) || WAY_UP.test(next.pathname))
    throw new PageError(`names a next page outside the base URI ${baseUri}: ${shown}`);
  next.hash = "";
  for (const name of fixed) if (!next.searchParams.has(name)) carryOver(name, new URL(url), next);
  return next.href;
}

/** Copies a parameter. It is appended: setting it would rewrite the others, and a cursor must come back unchanged. */
function carryOver(name: string, from: URL, to: URL): void {
  for (const value of from.searchParams.getAll(name)) {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    to.search = to.search === "" ? `?${pair}` : `${to.search}&${pair}`;
  }
}
