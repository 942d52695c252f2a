import type { HttpRequest } from "../http-request.ts";
import { timeLeftMs } from "../time-left.ts";
import type { Exchange, Send } from "../transport.ts";
import { foreignError, tooLargeError } from "../transport-error.ts";
import { ExchangeLife } from "../wire/exchange-life.ts";
import { ForeignChunks } from "./foreign-chunks.ts";
import { readForeignResponse, tellReturn } from "./foreign-response.ts";

/**
 * Makes a program's transport keep what `Transport` promises, whatever it does: an exchange ends at its time-out and
 * when its signal says so, an answer is read once and checked, and what is thrown becomes a CapabilityError. The transport
 * has a signal that ends its work too; what it gives later is dropped.
 */
export function holdToBounds(transport: Send): Send {
  return (request, exchange) =>
    new Promise((resolve, reject) => {
      const life = new ExchangeLife(request, exchange, resolve, reject);
      if (!life.start(exchange.watch.closing)) return;
      const leftMs = timeLeftMs(exchange.bounds);
      const endsAt = leftMs > 0 ? performance.now() + leftMs : Number.POSITIVE_INFINITY;
      const controller = new AbortController();
      life.isServedBy({ pause() {}, resume() {}, abort: reason => controller.abort(reason) });
      // Async, so that an error that is thrown at once is a rejection like any other.
      const send = async (): Promise<unknown> => transport(request, { ...exchange, signal: controller.signal });
      send().then(
        given => {
          if (life.hasEnded) tellReturn(given);
          else take(given, life, { request, exchange, endsAt });
        },
        (thrown: unknown) => life.fail(foreignError(thrown, request.url)),
      );
    });
}

interface Asked {
  readonly request: HttpRequest;
  readonly exchange: Exchange;
  /** When its time is over, by `performance.now()`. */
  readonly endsAt: number;
}

/** Checks an answer, and gives it. */
function take(given: unknown, life: ExchangeLife, { request, exchange, endsAt }: Asked): void {
  const { bounds, streams } = exchange;
  try {
    const { iterator, ...response } = readForeignResponse(given);
    if (iterator === undefined) {
      if (response.body.length > bounds.maxResponseBytes) throw tooLargeError(request.url, bounds);
      life.end(response);
      return;
    }
    const isStreamed = (streams?.(response) ?? false) !== false;
    const onEnd = (error?: Error) => (error === undefined ? life.end() : life.fail(error));
    const body = { iterator, request, bounds, endsAt: isStreamed ? undefined : endsAt, onEnd };
    const chunks = new ForeignChunks(body);
    life.give({ ...response, chunks }, chunks);
  } catch (thrown) {
    tellReturn(given);
    life.fail(foreignError(thrown, request.url));
  }
}
