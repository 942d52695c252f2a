import { type HttpRequest, isBodyStream } from "./http-request.ts";
import { networkError } from "./transport-error.ts";

/** A request whose body is at hand. */
export interface WholeRequest extends HttpRequest {
  readonly body?: string | Uint8Array;
}

/** Reads a body that would be read while it is sent, for callers that need its content before. */
export async function wholeRequest(request: HttpRequest): Promise<WholeRequest> {
  const { body, ...rest } = request;
  if (body === undefined) return rest;
  if (!isBodyStream(body)) return { ...rest, body };
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body.stream()) chunks.push(chunk);
    return { ...rest, body: Buffer.concat(chunks) };
  } catch (error) {
    // As where a wire reads it.
    throw networkError(error, request.url);
  }
}
