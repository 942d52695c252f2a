import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import { isJsonType } from "../request/media-types.ts";
import type { HttpRequest } from "../transport/http-request.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { json } from "./json.ts";
import { rawFormats } from "./raw-formats.ts";
import { utf8Text } from "./text.ts";

const LONGEST_EXCERPT = 2_000;

/**
 * Refuses an operation whose raw format cannot be decoded, before anything is sent.
 *
 * @throws CapabilityError `RESPONSE_INVALID`
 */
export function requireDecoder({ name, rawFormat }: Operation): void {
  if (rawFormats.has(rawFormat)) return;
  throw new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot run operation "${name}": responses in the format "${rawFormat}" cannot be decoded yet; --output raw prints them as received`,
    details: { operation: name, format: rawFormat },
  });
}

/**
 * The value of a successful response.
 *
 * @throws CapabilityError `HTTP_STATUS` for a status of 400 or above, `RESPONSE_INVALID` for a body that is not of the
 *   operation's format
 */
export function decodeResponse(operation: Operation, request: HttpRequest, response: HttpResponse): unknown {
  requireSuccess(operation, request, response);
  const { name, rawFormat, method } = operation;
  if (response.status === 204 || method === "HEAD") return null;
  try {
    return rawFormats.get(rawFormat)?.decode(response.body);
  } catch (cause) {
    const body = utf8Text(response.body.subarray(0, LONGEST_EXCERPT));
    const redirect =
      response.status >= 300 ? ` (HTTP ${response.status} to ${response.headers["location"]})` : "";
    throw new CapabilityError("RESPONSE_INVALID", {
      message: `Cannot decode the answer to "${name}" as ${rawFormat}${redirect}: ${(cause as Error).message}`,
      details: { operation: name, format: rawFormat, status: response.status, body },
      cause,
    });
  }
}

/** @throws CapabilityError `HTTP_STATUS` for a status of 400 or above */
export function requireSuccess(operation: Operation, request: HttpRequest, response: HttpResponse): void {
  const { status, headers, statusText } = response;
  if (status < 400) return;
  throw new CapabilityError("HTTP_STATUS", {
    message: `${operation.name}: HTTP ${status} ${statusText}`.trimEnd(),
    details: {
      operation: operation.name,
      status,
      headers,
      body: errorBody(response),
      request: { method: request.method, url: request.url },
    },
  });
}

/** An error's body: JSON where it is JSON, else text; `null` for an empty one. Error bodies often lie about their type. */
function errorBody({ headers, body }: HttpResponse): unknown {
  if (body.length === 0) return null;
  const text = utf8Text(body);
  const contentType = headers["content-type"];
  if ((typeof contentType === "string" && isJsonType(contentType)) || /^\s*[[{]/.test(text)) {
    try {
      return json.decode(body);
    } catch {
      // Shown as text.
    }
  }
  return text;
}
