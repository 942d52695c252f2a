import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import { utf8Text } from "../formats/body-text.ts";
import { jsonValue } from "../formats/json.ts";
import type { Decode } from "../formats/raw-format.ts";
import { isJsonType } from "../request/media-types.ts";
import { describeAttempts } from "../transport/attempts-report.ts";
import type { HttpRequest } from "../transport/http-request.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { fieldOf } from "./header-field.ts";

const LONGEST_EXCERPT = 2_000;
const LONGEST_DUMP = 64;

/**
 * The value of a successful response.
 *
 * @throws CapabilityError `HTTP_STATUS` for a status of 400 or above, `RESPONSE_INVALID` for a body that is not of the
 *   operation's format
 */
export function decodeResponse(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  decode: Decode,
): unknown {
  requireSuccess(operation, request, response);
  const { status, headers, body } = response;
  if (status === 204 || operation.method === "HEAD") return null;
  try {
    return decode({ bytes: body, contentType: fieldOf(headers, "content-type") });
  } catch (cause) {
    throw undecodable(operation, response, cause);
  }
}

function undecodable(
  { name, rawFormat }: Operation,
  { status, headers, body }: HttpResponse,
  cause: unknown,
): CapabilityError {
  const redirect = status >= 300 ? ` (HTTP ${status} to ${headers["location"]})` : "";
  return new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot decode the answer to "${name}" as ${rawFormat}${redirect}: ${reasonOf(cause)}`,
    details: { operation: name, format: rawFormat, status, body: excerpt(body) },
    cause,
  });
}

/** Libraries that recurse say nothing more than that the stack is full. */
function reasonOf(cause: unknown): string {
  const { message } = cause as Error;
  return cause instanceof RangeError && message.includes("call stack") ? "it nests too deeply" : message;
}

/** The beginning of a body; of one that is no text, a few bytes in hexadecimal. */
function excerpt(body: Uint8Array): string {
  const start = body.subarray(0, LONGEST_EXCERPT);
  if (!start.includes(0)) return utf8Text(start);
  return Buffer.from(start.subarray(0, LONGEST_DUMP)).toString("hex").replace(/../g, "$& ").trimEnd();
}

/** @throws CapabilityError `HTTP_STATUS` for a status of 400 or above */
export function requireSuccess(operation: Operation, request: HttpRequest, response: HttpResponse): void {
  const { status, headers, statusText, report = {} } = response;
  if (status < 400) return;
  throw new CapabilityError("HTTP_STATUS", {
    message: `${operation.name}: ${`HTTP ${status} ${statusText}`.trimEnd()}${describeAttempts(report)}`,
    details: {
      operation: operation.name,
      status,
      headers,
      body: errorBody(response),
      request: { method: request.method, url: response.url ?? request.url },
      ...report,
    },
  });
}

/** An error's body: JSON where it is JSON, else text; `null` for an empty one. Error bodies often lie about their type. */
function errorBody({ headers, body }: HttpResponse): unknown {
  if (body.length === 0) return null;
  const text = utf8Text(body);
  const contentType = fieldOf(headers, "content-type");
  if ((contentType !== undefined && isJsonType(contentType)) || /^\s*[[{]/.test(text)) {
    try {
      return jsonValue(text);
    } catch {
      // Shown as text.
    }
  }
  return text;
}
