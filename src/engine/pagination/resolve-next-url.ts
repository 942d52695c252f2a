import { PageError } from "./scheme.ts";

const LONGEST_URL = 65_536;

/** A segment that a server may take for a way up, also percent-encoded: WHATWG URLs fold only whole segments. */
const WAY_UP = /(?:^|\/|\\|%2f|%5c)(?:\.|%2e){2}(?:\/|\\|%2f|%5c|$)/i;

interface FollowedFrom {
  /** URL of the request whose answer names the next page. */
  readonly url: string;
  /** The base URI of the call: no page is outside it. */
  readonly baseUri: string;
  /** Query parameters that go with every request of the operation; the next page gets those that its URL lacks. */
  readonly fixed: readonly string[];
}

/**
 * The URL of the next page as an API names it. The request goes there with its credentials, so it must stay where the
 * capability file sends them: same scheme, host and port, below the base URI.
 *
 * @param target absolute, or relative to the URL that was asked (RFC 3986, 5)
 * @throws PageError
 */
export function resolveNextUrl(target: string, { url, baseUri, fixed }: FollowedFrom): string {
  if (target.length > LONGEST_URL) throw new PageError("names a next page by a URL that is too long");
  const shown = JSON.stringify(target);
  // URL.parse, which does not throw, is not in Node 20.
  if (!URL.canParse(target, url)) throw new PageError(`names a next page by ${shown}, which is no URL`);
  const next = new URL(target, url);
  const base = new URL(baseUri);
  if (next.origin !== base.origin)
    throw new PageError(
      `names a next page at another origin, ${shown}, which gets no credentials of ${base.origin}`,
    );
  if (next.username !== "" || next.password !== "")
    throw new PageError("names a next page by a URL with a user name or password");
  const folder = `${base.pathname.replace(/\/+$/, "")}/`;
  if (!`${next.pathname}/`.startsWith(folder) || WAY_UP.test(next.pathname))
    throw new PageError(`names a next page outside the base URI ${baseUri}: ${shown}`);
  next.hash = "";
  for (const name of fixed) if (!next.searchParams.has(name)) carryOver(name, new URL(url), next);
  return next.href;
}

/** Appended, not set: setting one parameter would write the others anew, and a cursor must come back as it was. */
function carryOver(name: string, from: URL, to: URL): void {
  for (const value of from.searchParams.getAll(name)) {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    to.search = to.search === "" ? `?${pair}` : `${to.search}&${pair}`;
  }
}
