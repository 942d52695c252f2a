import { bodyText, utf8Text } from "../../base/body-text.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import { isJsonType } from "../../base/media-types.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { Operation } from "../../language/model/types.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import { describeAttempts } from "../../net/layers/attempts-report.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { documentCharset } from "../formats/document-charset.ts";
import { jsonValue } from "../formats/json.ts";
import { fieldOf } from "./header-field.ts";

/**
 * Checks the status. A redirect that was not followed is no success: nothing has arrived. Only a caller who has sent a
 * condition asked for 304 (RFC 9110, 15.4.5).
 *
 * @throws CapabilityError `HTTP_STATUS` for 300 or above
 */
export function requireSuccess(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  decoding: DecodeLimits,
): void {
  const { status, headers, statusText, report = {} } = response;
  if (status < 300 || (status === 304 && isConditional(request))) return;
  const redirect = status < 400 ? unfollowed(request, response) : undefined;
  const reason = redirect === undefined ? "" : `: ${redirect.reason}`;
  const error = new CapabilityError("HTTP_STATUS", {
    message: `${operation.name}: ${`HTTP ${status} ${statusText}`.trimEnd()}${reason}${describeAttempts(report)}`,
    details: {
      operation: operation.name,
      status,
      headers,
      body: errorBody(response, decoding),
      request: { method: request.method, url: response.url ?? request.url },
      ...report,
    },
    remedies: redirect?.remedies ?? [],
  });
  bodies.set(error, response.body);
  throw error;
}

const bodies = new WeakMap<CapabilityError, Uint8Array>();

/** Returns the body of the answer that an error is about, as received. A copy of the error has none. */
export function receivedBody(error: CapabilityError<"HTTP_STATUS">): Uint8Array | undefined {
  return bodies.get(error);
}

function isConditional({ headers }: HttpRequest): boolean {
  return headers["if-none-match"] !== undefined || headers["if-modified-since"] !== undefined;
}

const FOLLOWED = new Set([301, 302, 303, 307, 308]);

interface Unfollowed {
  readonly reason: string;
  readonly remedies: readonly Remedy[];
}

/** Returns why an answer below 400 is no success. */
function unfollowed(request: HttpRequest, { url = request.url, status, headers }: HttpResponse): Unfollowed {
  const { method } = request;
  const plain = (reason: string): Unfollowed => ({ reason, remedies: [] });
  if (status === 304) return plain("nothing has changed, though the request sets no condition");
  const location = fieldOf(headers, "location");
  if (location === undefined || location === "") return plain("it gives no location to go to");
  const to = `redirected to ${shownLocation(location, url)}, which is not followed`;
  if (status === 300) return plain(`${to}: it is one of several choices`);
  if (!FOLLOWED.has(status)) return plain(`${to}: nothing is known of this status`);
  if (method !== "GET" && method !== "HEAD" && status < 307)
    return plain(
      `${to}: a ${method} follows 307 and 308 alone. It may have been carried out; check the base URI and path`,
    );
  return { reason: `${to}: no redirect may be`, remedies: [{ option: "maxRedirects" }] };
}

const LONGEST_LOCATION = 200;

/** Returns a location without its query, which may hold a secret that nobody knows of. */
function shownLocation(location: string, base: string): string {
  if (!URL.canParse(location, base)) return "something that is no URL";
  const { origin, protocol, pathname, search } = new URL(location, base);
  const shown = `${origin === "null" ? protocol : origin}${pathname}`;
  return `${shown.length > LONGEST_LOCATION ? `${shown.slice(0, LONGEST_LOCATION)}…` : shown}${search && "?…"}`;
}

/** Returns the body of an error as JSON, else as text, or `null` if it is empty. Error bodies often have a wrong type. */
function errorBody({ headers, body }: HttpResponse, decoding: DecodeLimits): unknown {
  if (body.length === 0) return null;
  const contentType = fieldOf(headers, "content-type");
  const text = errorText(body, contentType);
  if ((contentType !== undefined && isJsonType(contentType)) || /^\s*[[{]/.test(text)) {
    try {
      return jsonValue(text, decoding);
    } catch {
      // Shown as text.
    }
  }
  return text;
}

/** Returns the text of a body in the charset that it has where it is a success. */
function errorText(bytes: Uint8Array, contentType: string | undefined): string {
  try {
    return bodyText({ bytes, contentType }, { lenient: true, declared: documentCharset });
  } catch {
    // Its charset is not known.
    return utf8Text(bytes);
  }
}
