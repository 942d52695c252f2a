import * as oauth from "oauth4webapi";
import { CapabilityError } from "../../base/capability-error.ts";
import { isExposed, PLAIN_HTTP_ADVICE } from "../../base/plain-http.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { authenticationError, quoteServer } from "./authentication-error.ts";
import type { SessionContext } from "./authentication-kind.ts";

/** What talking to an authorization server takes. */
export type ServerContext = Pick<SessionContext, "send" | "exchange" | "allowPlainHttp" | "userAgent">;

/** What oauth4webapi asks a `fetch` to do. */
interface Fetch {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
}

/** Options that make oauth4webapi send through the capability's transport. */
export interface ExchangeOptions {
  [oauth.customFetch]: (url: string, init: Fetch) => Promise<Response>;
  [oauth.allowInsecureRequests]: true;
}

/**
 * @param purpose what the server is asked for, for messages: `a token`
 * @param check looks at an answer before oauth4webapi does
 */
export function exchangeOptions(
  { send, exchange, allowPlainHttp, userAgent }: ServerContext,
  purpose: string,
  check: (response: HttpResponse, url: string) => void,
): ExchangeOptions {
  return {
    // Allowed by oauth4webapi because it knows no loopback; what may go over plain http is decided here.
    [oauth.allowInsecureRequests]: true,
    async [oauth.customFetch](url, { method, headers: given, body }) {
      requirePrivate(purpose, url, { allowPlainHttp });
      const headers = { ...given, "user-agent": userAgent };
      const request = { method, url, headers, ...(body === undefined ? {} : { body: body.toString() }) };
      let response: HttpResponse;
      try {
        response = await send(request, exchange);
      } catch (error) {
        if (!(error instanceof CapabilityError)) throw error;
        const { code, message, details } = error;
        throw new CapabilityError(code, {
          message: `Cannot get ${purpose} from ${url}: ${message}`,
          details,
          cause: error,
        });
      }
      check(response, url);
      return fetched(response);
    },
  };
}

/**
 * Refuses an endpoint that others could read on the way to.
 *
 * @param purpose as of {@link exchangeOptions}
 * @throws CapabilityError `AUTHENTICATION_FAILED`
 */
export function requirePrivate(
  purpose: string,
  url: string,
  { allowPlainHttp }: Pick<ServerContext, "allowPlainHttp">,
): void {
  if (allowPlainHttp || !isExposed(url)) return;
  throw failed(
    "plain_http",
    `Cannot get ${purpose} from ${url}: it would go over plain http; ${PLAIN_HTTP_ADVICE}`,
  );
}

/**
 * Refuses what is no answer to a request for a token, in words that help: a page in place of JSON is the usual sign of a
 * wrong address.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED` with the server's own code where it gives one
 */
export function checkAnswer({ status, headers, body }: HttpResponse, url: string): void {
  const json = parseObject(body);
  if (status === 200 && json !== undefined) return;
  const code = json?.["error"];
  if (typeof code === "string") {
    const description = json?.["error_description"];
    const because = typeof description === "string" ? ` (${quoteServer(description)})` : "";
    throw failed(code, `The authorization server ${url} refused: ${quoteServer(code)}${because}`);
  }
  const type = String(headers["content-type"] ?? "no content type").split(";", 1);
  const found = json === undefined ? `${quoteServer(String(type))}, not JSON` : "JSON without an error code";
  const location = headers["location"];
  const target = location === undefined ? "" : `, a redirect to ${quoteServer(String(location))}`;
  throw failed(
    "invalid_answer",
    `The authorization server ${url} answered HTTP ${status} with ${found}${target}`,
  );
}

/** What oauth4webapi found wrong, as our error. Its own is no cause of ours: it holds the answer, and so the token. */
export function translateError(error: unknown, what: string): unknown {
  if (error instanceof CapabilityError) return error;
  if (error instanceof oauth.AuthorizationResponseError) {
    const { error: code, error_description: description } = error;
    const because = description ? ` (${quoteServer(description)})` : "";
    return failed(code, `The authorization server refused: ${quoteServer(code)}${because}`);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
    return failed("invalid_answer", `${what} cannot be used: ${quoteServer(error.message)}`);
  return error;
}

export function failed(reason: string, message: string, cause?: unknown): CapabilityError {
  return authenticationError("oauth2", reason, message, cause);
}

function fetched({ status, headers, body }: HttpResponse): Response {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((field): [string, string] => [name, field]),
  );
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : withoutIdToken(body), { status, headers: fields });
}

/** An ID token says who a person is. Nobody here asks that, so it is not checked either. */
function withoutIdToken(body: Uint8Array): string {
  const json = parseObject(body);
  if (json === undefined || !Object.hasOwn(json, "id_token")) return Buffer.from(body).toString("utf8");
  const { id_token: _, ...rest } = json;
  return JSON.stringify(rest);
}

function parseObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
