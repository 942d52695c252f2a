import type { HttpResponse } from "./transport.ts";

/**
 * Splits a request's URL into its origin and the rest for the request line. The rest stays as it is written: a URL
 * parser would fold dot segments and encode characters once more.
 */
export function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const start = url.indexOf("//") + 2;
  const query = url.indexOf("?", start);
  let end = url.indexOf("/", start);
  if (end < 0 || (query >= 0 && query < end)) end = query < 0 ? url.length : query;
  const rest = url.slice(end);
  return { origin: url.slice(0, end), path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Tells whether an answer is of the origin that was asked: where a redirect led elsewhere, no credential went along. */
export function isFromOrigin({ url }: Pick<HttpResponse, "url">, origin: string): boolean {
  return url === undefined || splitUrl(url).origin === origin;
}
