import { utf8Text } from "../../base/body-text.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import { type DecodeLimit, DecodeLimitError } from "../../base/decode-limits.ts";
import type { Operation } from "../../language/model/types.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { HttpResponse } from "../../net/transport.ts";
import { fieldOf } from "./header-field.ts";
import type { DecodeContext, Decoder } from "./plan-decoder.ts";
import { requireSuccess } from "./require-success.ts";

/** Longest beginning of a body that an error holds, in bytes. */
export const LONGEST_EXCERPT = 2_000;
const LONGEST_DUMP = 64;

/**
 * Decodes a successful response. Returns the value, or a promise if a thread of its own decodes it.
 *
 * @throws CapabilityError `HTTP_STATUS` for a status that is no success, `RESPONSE_INVALID` for a body in another format,
 *   `RESPONSE_TOO_LARGE` for a body beyond the limits
 */
export function decodeResponse(
  operation: Operation,
  request: HttpRequest,
  response: HttpResponse,
  decode: Decoder,
  context: DecodeContext,
): unknown {
  requireSuccess(operation, request, response, context.decoding);
  const { status, headers, body } = response;
  if (status === 204 || operation.method === "HEAD") return null;
  try {
    const url = response.url ?? request.url;
    const value = decode({ bytes: body, contentType: fieldOf(headers, "content-type") }, url, context);
    if (!(value instanceof Promise)) return value;
    return value.catch((cause: unknown) => {
      throw undecodable(operation, request, response, cause);
    });
  } catch (cause) {
    throw undecodable(operation, request, response, cause);
  }
}

/** The member of the details with the limit. */
const LIMIT_MEMBERS: Readonly<Record<DecodeLimit, "maxValues" | "maxDecodeMs" | "maxMemoryMib">> = {
  maxResponseValues: "maxValues",
  maxDecodeMs: "maxDecodeMs",
  memory: "maxMemoryMib",
};

const undecoded = new WeakMap<CapabilityError, HttpResponse>();

/** Returns the answer that an error is about, which could not be decoded, as it was received. */
export function undecodedResponse(error: CapabilityError<"RESPONSE_INVALID">): HttpResponse | undefined {
  return undecoded.get(error);
}

/** Gives a copy of an error the answer that the error is about. */
export function keepUndecoded(copy: CapabilityError, error: CapabilityError): void {
  const response = undecoded.get(error);
  if (response !== undefined) undecoded.set(copy, response);
}

function undecodable(
  { name, rawFormat }: Operation,
  request: HttpRequest,
  response: HttpResponse,
  cause: unknown,
): CapabilityError {
  const { url = request.url, status, body } = response;
  if (cause instanceof CapabilityError) return cause;
  if (cause instanceof DecodeLimitError) {
    return new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Cannot decode the answer to "${name}" as ${rawFormat}: ${cause.message}`,
      details: { operation: name, [LIMIT_MEMBERS[cause.limit]]: cause.most, url },
      remedies: [{ option: cause.option }],
      cause,
    });
  }
  const error = new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot decode the answer to "${name}" as ${rawFormat}: ${reasonOf(cause)}`,
    details: { operation: name, format: rawFormat, status, body: excerpt(body) },
    cause,
  });
  undecoded.set(error, response);
  return error;
}

/** Returns the reason of an error. Libraries that recurse only say that the stack is full. */
function reasonOf(cause: unknown): string {
  const { message } = cause as Error;
  return cause instanceof RangeError && message.includes("call stack") ? "it nests too deeply" : message;
}

/** Returns the beginning of a body, or a few bytes in hexadecimal if it is not text. */
function excerpt(body: Uint8Array): string {
  const start = body.subarray(0, LONGEST_EXCERPT);
  if (!start.includes(0)) return utf8Text(start);
  return Buffer.from(start.subarray(0, LONGEST_DUMP)).toString("hex").replace(/../g, "$& ").trimEnd();
}
