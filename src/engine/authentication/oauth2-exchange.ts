import * as oauth from "oauth4webapi";
import { CapabilityError, changeError } from "../../base/capability-error.ts";
import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { parseJson } from "../../base/parse-json.ts";
import { ALLOW_PLAIN_HTTP, isExposed } from "../../base/plain-http.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { authenticationError, type ErrorContext, quoteServer } from "./authentication-error.ts";
import type { SessionContext } from "./authentication-kind.ts";

/** The surroundings of exchanges with an authorization server. */
export type ServerContext = Pick<SessionContext, "send" | "exchange" | "allowPlainHttp" | "userAgent">;

/** The options that oauth4webapi gives to `fetch`. */
interface Fetch {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
}

/** The options that every function of oauth4webapi takes. */
export interface OAuth2ServerOptions {
  [oauth.customFetch]: (url: string, init: Fetch) => Promise<Response>;
  [oauth.allowInsecureRequests]: true;
}

/**
 * Returns options that make oauth4webapi send through the capability's transport.
 *
 * @param purpose the requested thing, for messages: `a token`
 * @param check looks at an answer before oauth4webapi does
 */
export function serverOptions(
  { send, exchange, allowPlainHttp, userAgent }: ServerContext,
  purpose: string,
  check: (response: HttpResponse, url: string) => void,
): OAuth2ServerOptions {
  return {
    // oauth4webapi knows no exception for the loopback. `requirePrivate` decides about plain http.
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
        throw changeError(error, {
          message: `Cannot get ${purpose} from ${url}: ${error.message}`,
          cause: error,
        });
      }
      check(response, url);
      return fetched(response);
    },
  };
}

/**
 * Refuses an endpoint over plain http, which others could read.
 *
 * @param purpose as in {@link serverOptions}
 * @throws CapabilityError `AUTHENTICATION_FAILED`
 */
export function requirePrivate(
  purpose: string,
  url: string,
  { allowPlainHttp }: Pick<ServerContext, "allowPlainHttp">,
): void {
  if (allowPlainHttp || !isExposed(url)) return;
  throw failed("plain_http", `Cannot get ${purpose} from ${url}: it would go over plain http`, {
    remedies: [ALLOW_PLAIN_HTTP],
  });
}

/**
 * Refuses an answer without a token, with a helpful message: a page instead of JSON usually means a wrong address.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED` with the server's own code, if there is one
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
  throw failed("invalid_answer", `The authorization server ${url} answered HTTP ${status} with ${found}${target}`);
}

/** Translates an error of oauth4webapi. It does not become the cause of ours: it contains the answer, and so the token. */
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

export function failed(reason: string, message: string, more?: ErrorContext): CapabilityError {
  return authenticationError("oauth2", reason, message, more);
}

function fetched({ status, headers, body }: HttpResponse): Response {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((field): [string, string] => [name, field]),
  );
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : withoutIdToken(body), { status, headers: fields });
}

/** Removes the ID token, which says who a person is: it is not used here, and so not checked either. */
function withoutIdToken(body: Uint8Array): string {
  const json = parseObject(body);
  if (json === undefined || !Object.hasOwn(json, "id_token")) return Buffer.from(body).toString("utf8");
  const { id_token: _, ...rest } = json;
  return JSON.stringify(rest);
}

function parseObject(body: Uint8Array): JsonObject | undefined {
  const parsed = parseJson(Buffer.from(body).toString("utf8"));
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
}
