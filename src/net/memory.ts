import type { HttpRequest } from "./http-request.ts";
import type { HttpResponse, Transport } from "./transport.ts";
import { exchangeAborted, tooLargeError } from "./transport-error.ts";
import { collectChunks } from "./wire/collect-chunks.ts";

/** The parts of an answer that differ from an empty one with status 200. */
type MemoryAnswer = { readonly [Name in keyof HttpResponse]?: HttpResponse[Name] | undefined };

/**
 * Creates a transport that asks a function: for tests of programs that embed capabilities. A stream is an answer with
 * `chunks`.
 */
export function createMemoryTransport(
  answer: (request: HttpRequest) => MemoryAnswer | Promise<MemoryAnswer>,
): Transport {
  return async (request, exchange) => {
    const { signal, bounds } = exchange;
    if (signal?.aborted) throw exchangeAborted(request.url, signal);
    const { status = 200, statusText, headers = {}, body = new Uint8Array(), chunks } = await answer(request);
    const { STATUS_CODES } = await import("node:http");
    const head = { status, statusText: statusText ?? STATUS_CODES[status] ?? "", headers };
    if (chunks !== undefined && exchange.streams?.(head)) return { ...head, body, chunks };
    const whole = chunks === undefined ? body : await collectChunks(chunks, request.url, bounds);
    if (whole.length > bounds.maxResponseBytes) throw tooLargeError(request.url, bounds);
    return { ...head, body: whole };
  };
}
