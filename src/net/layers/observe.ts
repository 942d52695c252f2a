import type { HttpRequest } from "../http-request.ts";
import type { Exchange, HttpResponse, Send } from "../transport.ts";
import { withEnd } from "../with-end.ts";
import type { Observe } from "./exchange-event.ts";
import { ExchangeMeter } from "./exchange-meter.ts";

/** Longest body that came piece by piece, and is told of as a whole. */
const MOST_KEPT_BYTES = 1024 * 1024;

/** Tells the listener of an exchange of each request and its answer, with timings. */
export function observe(next: Send): Send {
  return (request, exchange) =>
    exchange.watch.observe === undefined
      ? next(request, exchange)
      : observed(next, request, exchange, exchange.watch.observe);
}

async function observed(next: Send, request: HttpRequest, exchange: Exchange, tell: Observe): Promise<HttpResponse> {
  tell({ type: "attempt", request });
  const meter = new ExchangeMeter();
  let response: HttpResponse;
  try {
    response = await next(request, { ...exchange, watch: { ...exchange.watch, meter } });
  } catch (error) {
    tell({ type: "failure", request, error: error as Error, timings: meter.timings() });
    throw error;
  }
  const { status, statusText, headers, body, chunks } = response;
  const received = chunks === undefined ? body : undefined;
  const timings = meter.timings();
  tell({ type: "response", request, status, statusText, headers, body: received, timings });
  if (chunks === undefined) return response;
  return { ...response, chunks: observedChunks(chunks, request, meter, tell) };
}

function observedChunks(
  chunks: AsyncIterableIterator<Uint8Array>,
  request: HttpRequest,
  meter: ExchangeMeter,
  tell: Observe,
): AsyncIterableIterator<Uint8Array> {
  let kept: Uint8Array[] | undefined = [];
  let bytes = 0;
  return withEnd(chunks, {
    end(error) {
      const body = kept && Buffer.concat(kept);
      const reason = error as Error | undefined;
      tell({ type: "body", request, bytes, body, error: reason, timings: meter.timings() });
    },
    piece(chunk) {
      bytes += chunk.length;
      if (bytes <= MOST_KEPT_BYTES) kept?.push(chunk);
      else kept = undefined;
    },
  });
}
