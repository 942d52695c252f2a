import type { HttpRequest } from "./http-request.ts";
import type { HttpResponse, Transport } from "./transport.ts";
import { abortedError, tooLargeError } from "./transport-error.ts";

/** A transport that asks a function: for tests of programs that embed capabilities. */
export function createMemoryTransport(
  answer: (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>,
): Transport {
  return async (request, limits) => {
    const { signal, maxResponseBytes } = limits;
    if (signal?.aborted) throw abortedError(request.url, signal);
    const { status = 200, statusText, headers = {}, body = new Uint8Array() } = await answer(request);
    if (body.length > maxResponseBytes) throw tooLargeError(request.url, limits);
    const { STATUS_CODES } = await import("node:http");
    return { status, statusText: statusText ?? STATUS_CODES[status] ?? "", headers, body };
  };
}
