import { isUtf8 } from "node:buffer";
import { CapabilityError } from "../../base/capability-error.ts";
import { ALLOW_PLAIN_HTTP, isExposed } from "../../base/plain-http.ts";
import type { Remedy } from "../../base/remedy.ts";
import { type EgressPolicy, requireAllowedHost } from "../connect/egress/egress-policy.ts";
import type { HttpRequest } from "../http-request.ts";
import type { Bounds, Exchange, HttpResponse, Send } from "../transport.ts";
import { timeoutError } from "../transport-error.ts";

/** An answer that points elsewhere, and how it came. */
interface Redirected {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly exchange: Exchange;
  /** When the request went out, by `performance.now()`: the time-out holds for all hops. */
  readonly startMs: number;
}

/** Options of following redirects. */
export interface RedirectOptions {
  readonly maxRedirects: number;
  /** Hosts that redirects may lead to; without them, that of the request alone. */
  readonly egress: EgressPolicy | undefined;
  /** Tells whether a request holds a secret that may not go over plain `http`; absent if all may. */
  readonly holdsSecret: ((request: HttpRequest) => boolean) | undefined;
}

const FOLLOWED = new Set([301, 302, 303, 307, 308]);
/** Longest location that is followed: servers take no longer URLs. */
const LONGEST_LOCATION = 8 * 1024;

/** Fields that another origin may get. Any other may be a credential: APIs name theirs as they like. */
const HARMLESS = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "pragma",
  "range",
  "user-agent",
]);

/** Fields about the body, which go with it (RFC 9110, 15.4). */
const ABOUT_BODY = /^content-/;

/**
 * Follows an answer that points elsewhere, and those that come after it (RFC 9110, 15.4): for GET and HEAD any, for other
 * methods 307 and 308 within their origin, with the same body. When the origin changes, all headers but harmless ones
 * and the client certificate stay behind, for good. A secret is not taken along over plain `http`, not even where the
 * answer itself writes it into the URL. Any other answer is given as it is.
 *
 * @throws CapabilityError `REDIRECT_REFUSED`, `EGRESS_REFUSED`, and whatever the transport rejects with
 */
export async function follow(
  { request: first, response: found, exchange: given, startMs }: Redirected,
  next: Send,
  { maxRedirects, egress, holdsSecret }: RedirectOptions,
): Promise<HttpResponse> {
  let request = first;
  let response = found;
  let { connect } = given;
  for (let followed = 0; ; followed++) {
    const target = targetOf(request, response);
    if (target === undefined) return followed === 0 ? response : { ...response, url: request.url };
    await response.chunks?.return?.();
    if (followed >= maxRedirects) throw refused(request, target.href, `at most ${maxRedirects} redirects are followed`);
    const isForeign = target.origin !== new URL(request.url).origin;
    requireAllowedHost(target.href, egress, first.url);
    const sent = redirected(request, response.status, target, isForeign);
    if (isExposed(sent.url) && holdsSecret?.(sent))
      throw refused(request, target.href, "it would take a secret over plain http", [ALLOW_PLAIN_HTTP]);
    given.watch.observe?.({ type: "redirect", status: response.status, from: request.url, to: target.href });
    if (isForeign) connect = { ...connect, tls: undefined };
    request = sent;
    requireTime(request.url, given.bounds, startMs);
    response = await next(request, { ...given, connect, bounds: { ...given.bounds, startMs } });
  }
}

/**
 * Returns the URL that the answer points to. `undefined` if it is not followed.
 *
 * @throws CapabilityError `REDIRECT_REFUSED`
 */
function targetOf(request: HttpRequest, { status, headers }: HttpResponse): URL | undefined {
  const { location } = headers;
  if (location === undefined || location === "" || !FOLLOWED.has(status)) return undefined;
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead && status < 307) return undefined;
  if (typeof location !== "string")
    throw refused(request, String(location[0]), `the answer has ${location.length} locations`);
  if (location.length > LONGEST_LOCATION)
    throw refused(request, location, `a location has at most ${LONGEST_LOCATION} bytes`);
  const text = fromBytes(location);
  if (!URL.canParse(text, request.url)) throw refused(request, text, "it is not a URL");
  const target = new URL(text, request.url);
  target.hash = "";
  const origin = new URL(request.url);
  if (target.protocol !== "https:" && target.protocol !== "http:")
    throw refused(request, target.href, "only http and https URLs are followed");
  if (target.username !== "" || target.password !== "")
    throw refused(request, `${target.origin}/…`, "it has a user name or a password in it");
  if (origin.protocol === "https:" && target.protocol === "http:")
    throw refused(request, target.href, "it leads from https to plain http");
  if (target.origin === origin.origin) return target;
  if (!isRead) throw refused(request, target.href, `a ${request.method} is sent to no other origin`);
  if (request.body !== undefined && status !== 303)
    throw refused(request, target.href, "the request's body is sent to no other origin");
  return target;
}

/** Decodes a header field, which is bytes. Those beyond ASCII are UTF-8 where they can be. */
function fromBytes(location: string): string {
  const bytes = Buffer.from(location, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : location;
}

function redirected(request: HttpRequest, status: number, target: URL, isForeign: boolean): HttpRequest {
  const { method, body } = request;
  const keepsBody = body !== undefined && status !== 303;
  const headers = Object.entries(request.headers).filter(
    ([name]) => (!isForeign || HARMLESS.has(name)) && (keepsBody || body === undefined || !ABOUT_BODY.test(name)),
  );
  return { method, url: target.href, headers: Object.fromEntries(headers), ...(keepsBody ? { body } : {}) };
}

/** Refuses to go on after the time-out. A transport may not read `startMs` itself. */
function requireTime(url: string, bounds: Bounds, startMs: number): void {
  if (bounds.timeoutMs > 0 && performance.now() - startMs >= bounds.timeoutMs) throw timeoutError(url, bounds);
}

const LONGEST_SHOWN = 200;

function refused(
  { method, url }: HttpRequest,
  location: string,
  reason: string,
  remedies: readonly Remedy[] = [],
): CapabilityError {
  const shown = location.length > LONGEST_SHOWN ? `${location.slice(0, LONGEST_SHOWN)}…` : location;
  return new CapabilityError("REDIRECT_REFUSED", {
    message: `Cannot follow the redirect of ${method} ${url} to ${JSON.stringify(shown)}: ${reason}`,
    details: { url, location: shown, reason },
    remedies,
  });
}
