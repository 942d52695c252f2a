import { queryDecode } from "../base/percent-decoding.ts";
import type { HttpRequest, RequestBody } from "../net/http-request.ts";
import type { HttpResponse } from "../net/transport.ts";
import { wholeRequest } from "../net/whole-request.ts";
import { type CallContext, type CallPlan, prepare } from "./call.ts";

/** A request that is passed on to an API. */
export interface PassedRequest {
  readonly method: string;
  /** Encoded path below the base URI, without its first slash. `undefined`: the base URI itself. */
  readonly path: string | undefined;
  /** Encoded, without its question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | undefined;
  /** The same body, for a credential that needs the whole of it before it is sent. Reading it fails where it is too large. */
  readonly wholeBody: RequestBody | undefined;
}

/**
 * Passes a request on. The API's adapter adds its parameters and its credential, which win over those of the request.
 *
 * @param plan that of the adapter's bare operation
 */
export async function forward(plan: CallPlan, passed: PassedRequest, context: CallContext): Promise<HttpResponse> {
  const { request: own, credential } = await prepare(plan, {}, context);
  const { defaultHeaders } = plan.request;
  const headers: Record<string, string> = { ...own.headers, ...passed.headers };
  for (const name of Object.keys(own.headers)) {
    const value = own.headers[name];
    if (value !== undefined && value !== defaultHeaders[name]) headers[name] = value;
  }
  const { method, body, wholeBody } = passed;
  const request: HttpRequest = {
    method,
    url: targetUrl(own.url, passed),
    headers,
    ...(body === undefined ? {} : { body }),
  };
  const { send, exchange, sessions } = context;
  if (credential === undefined) return send(request, exchange);
  // A challenge or a signature needs the whole body, which can be read once.
  const whole = await wholeRequest(wholeBody === undefined ? request : { ...request, body: wholeBody });
  const session = await sessions.get(credential);
  return session(whole, exchange, send);
}

function targetUrl(ownUrl: string, { path, query }: PassedRequest): string {
  const [base = "", ownQuery = ""] = ownUrl.split(/\?(.*)/s);
  const names = new Set(pairsOf(ownQuery).map(nameOf));
  const kept =
    names.size === 0
      ? query
      : pairsOf(query)
          .filter(pair => !names.has(nameOf(pair)))
          .join("&");
  const joined = [kept, ownQuery].filter(text => text !== "").join("&");
  const target = path === undefined ? base : `${base}/${path}`;
  // A number sign would begin a fragment, which is not sent.
  return (joined === "" ? target : `${target}?${joined}`).replaceAll("#", "%23");
}

function pairsOf(query: string): string[] {
  return query.split("&").filter(pair => pair !== "");
}

function nameOf(pair: string): string {
  return queryDecode(pair.split("=", 1)[0] ?? "");
}
