import { isCapabilityError } from "../../base/capability-error.ts";
import { orAborted } from "../../base/or-aborted.ts";
import { copyResponse } from "../copy-response.ts";
import type { HttpRequest } from "../http-request.ts";
import { joinSignals } from "../join-signals.ts";
import type { Exchange, HttpResponse, Layer, Send } from "../transport.ts";
import { exchangeAborted, timeoutError } from "../transport-error.ts";
import { withEnd } from "../with-end.ts";

/** Running exchanges by request. */
export type Flights = Map<string, Flight>;

/** One exchange, shared by all calls with the same request while it runs. */
class Flight {
  readonly answer: Promise<HttpResponse>;
  readonly controller: AbortController = new AbortController();
  waiting = 0;
  isShared = false;
  hasEnded = false;

  constructor(send: (signal: AbortSignal) => Promise<HttpResponse>, onEnd: (flight: Flight) => void) {
    const end = () => {
      this.hasEnded = true;
      onEnd(this);
    };
    this.answer = send(this.controller.signal);
    this.answer.then(end, end);
    this.controller.signal.addEventListener("abort", end, { once: true });
  }
}

/**
 * Sends a GET once for all callers that ask for the same at the same time, with the same header and the same identity.
 * Each waits as long as its own bounds say. The exchange ends when the last has left. All get a failure. The first caller
 * alone gets a body that comes piece by piece.
 */
export function share(flights: Flights): Layer {
  return next => {
    const sharing: Send = async (request, exchange) => {
      if (request.method !== "GET" || request.body !== undefined) return next(request, exchange);
      if (exchange.signal?.aborted) throw exchangeAborted(request.url, exchange.signal);
      const key = keyOf(request, exchange);
      const running = flights.get(key);
      if (running !== undefined) return join(running, request, exchange, { sharing, next });
      const send = (signal: AbortSignal) => next(request, { ...exchange, signal });
      const flight = new Flight(send, ended => {
        if (flights.get(key) === ended) flights.delete(key);
      });
      flights.set(key, flight);
      return lead(flight, request, exchange);
    };
    return sharing;
  };
}

/** Returns a key of everything that may influence the answer, or whether there is one. */
function keyOf({ method, url, headers }: HttpRequest, { connect, bounds }: Exchange): string {
  return JSON.stringify([method, url, Object.entries(headers).sort(), connect.tls?.id ?? "", bounds.maxResponseBytes]);
}

/** Waits for the exchange as the call that has started it. */
async function lead(flight: Flight, request: HttpRequest, exchange: Exchange): Promise<HttpResponse> {
  const { controller } = flight;
  try {
    const response = await wait(flight, request, exchange.signal);
    const { chunks } = response;
    if (chunks !== undefined) return { ...response, chunks: untilEnd(chunks, exchange.signal, controller) };
    return flight.isShared ? copyResponse(response) : response;
  } catch (error) {
    // The body is not needed any longer.
    if (exchange.signal?.aborted) flight.answer.then(({ chunks }) => chunks?.return?.()).catch(() => {});
    throw error;
  }
}

/** Waits for an exchange that another call has started. */
async function join(
  flight: Flight,
  request: HttpRequest,
  exchange: Exchange,
  { sharing, next }: { readonly sharing: Send; readonly next: Send },
): Promise<HttpResponse> {
  const { bounds, signal } = exchange;
  const { timeoutMs } = bounds;
  const start = performance.now();
  const deadline = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
  const ended = joinSignals(signal, deadline);
  flight.isShared = true;
  try {
    const response = await wait(flight, request, ended.signal);
    if (response.chunks === undefined) {
      exchange.watch.observe?.({ type: "cache", request, result: "shared" });
      return copyResponse(response);
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    if (deadline?.aborted) throw timeoutError(request.url, bounds);
    if (!isCapabilityError(error, "TIMEOUT") || timeoutMs === 0) throw error;
    // The first call's time is over, but not that of this one.
    const restMs = Math.max(1, Math.ceil(timeoutMs - (performance.now() - start)));
    return sharing(request, { ...exchange, bounds: { ...bounds, timeoutMs: restMs } }).catch((again: unknown) => {
      throw isCapabilityError(again, "TIMEOUT") ? timeoutError(request.url, bounds) : again;
    });
  } finally {
    ended.release();
  }
  return next(request, exchange);
}

/** Waits for the answer. The last call to leave ends the exchange. */
async function wait(flight: Flight, { url }: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
  flight.waiting++;
  try {
    return await orAborted(flight.answer, signal, () => exchangeAborted(url, signal));
  } finally {
    if (--flight.waiting === 0 && !flight.hasEnded) flight.controller.abort(signal?.reason);
  }
}

/** Returns the pieces of a body with a single reader, whose signal ends the exchange. */
function untilEnd(
  chunks: AsyncIterableIterator<Uint8Array>,
  signal: AbortSignal | undefined,
  controller: AbortController,
): AsyncIterableIterator<Uint8Array> {
  if (signal === undefined) return chunks;
  const onAbort = () => controller.abort(signal.reason);
  const forget = () => signal.removeEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return withEnd(chunks, { end: forget });
}
