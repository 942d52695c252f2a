import type { HttpRequest } from "../http-request.ts";
import type { HttpResponse, Transport } from "../transport.ts";
import { chunksWithEnd } from "../wire/chunks-with-end.ts";
import type { ExchangeEvent, Observe } from "./exchange-event.ts";
import { ExchangeMeter } from "./exchange-meter.ts";
import { shareHosts } from "./hosts.ts";

/** Longest body that came piece by piece, and is told of as a whole. */
const MOST_KEPT_BYTES = 1024 * 1024;

/** A transport that tells of each request and its answer, where an exchange has somebody who is told, with timings. */
export function observedTransport(transport: Transport): Transport {
  const observed: Transport = async (request, exchange) => {
    const { watch } = exchange;
    const { observe } = watch;
    if (observe === undefined) return transport(request, exchange);
    observe({ type: "attempt", request });
    const meter = new ExchangeMeter();
    let response: HttpResponse;
    try {
      response = await transport(request, { ...exchange, watch: { ...watch, meter } });
    } catch (error) {
      observe({ type: "failure", request, error: error as Error, timings: meter.timings() });
      throw error;
    }
    const { status, statusText, headers, body, chunks } = response;
    const head = {
      type: "response",
      request,
      status,
      statusText,
      headers,
      timings: meter.timings(),
    } as const;
    observe(chunks === undefined ? { ...head, body } : head);
    if (chunks === undefined) return response;
    return { ...response, chunks: observedChunks(chunks, request, meter, observe) };
  };
  shareHosts(observed, transport);
  observed.close = async isForced => transport.close?.(isForced);
  observed.redactWith = mask => transport.redactWith?.(mask);
  return observed;
}

function observedChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  request: HttpRequest,
  meter: ExchangeMeter,
  observe: Observe,
): AsyncIterableIterator<Uint8Array> {
  let kept: Uint8Array[] | undefined = [];
  let bytes = 0;
  return chunksWithEnd(
    chunks,
    error => {
      const event: ExchangeEvent = { type: "body", request, bytes, timings: meter.timings() };
      const body = kept === undefined ? {} : { body: Buffer.concat(kept) };
      observe({ ...event, ...body, ...(error === undefined ? {} : { error: error as Error }) });
    },
    chunk => {
      bytes += chunk.length;
      if (bytes <= MOST_KEPT_BYTES) kept?.push(chunk);
      else kept = undefined;
    },
  );
}
