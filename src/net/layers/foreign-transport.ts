import type { HttpRequest } from "../http-request.ts";
import { timeLeftMs } from "../time-left.ts";
import type { Exchange, HttpResponse, Send } from "../transport.ts";
import { abortedError, foreignError, timeoutError, tooLargeError } from "../transport-error.ts";
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
      new ForeignExchange(transport, request, exchange, resolve, reject).start();
    });
}

/** One exchange of a program's transport. It ends once. */
class ForeignExchange {
  readonly #transport: Send;
  readonly #request: HttpRequest;
  readonly #exchange: Exchange;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #controller = new AbortController();
  /** When its time is over, by `performance.now()`. */
  #endsAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Fails the body, once that is what the exchange waits for. */
  #chunks: ForeignChunks | undefined;
  #hasEnded = false;

  constructor(
    transport: Send,
    request: HttpRequest,
    exchange: Exchange,
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#transport = transport;
    this.#request = request;
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { signal, bounds, watch } = this.#exchange;
    const { closing } = watch;
    const aborted = [signal, closing].find(each => each?.aborted);
    if (aborted !== undefined) {
      this.#reject(abortedError(this.#request.url, aborted));
      return;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    closing?.addEventListener("abort", this.#onAbort, { once: true });
    const leftMs = timeLeftMs(bounds);
    if (leftMs > 0) {
      this.#endsAt = performance.now() + leftMs;
      this.#timer = setTimeout(() => this.#fail(timeoutError(this.#request.url, bounds)), leftMs);
    }
    this.#send().then(
      given => this.#take(given),
      (thrown: unknown) => this.#fail(foreignError(thrown, this.#request.url)),
    );
  }

  /** Async, so that what is thrown at once is a rejection like any other. */
  async #send(): Promise<unknown> {
    return this.#transport(this.#request, { ...this.#exchange, signal: this.#controller.signal });
  }

  #take(given: unknown): void {
    if (this.#hasEnded) {
      tellReturn(given);
      return;
    }
    const { url } = this.#request;
    const { bounds } = this.#exchange;
    try {
      const { iterator, ...response } = readForeignResponse(given);
      if (iterator === undefined) {
        if (response.body.length > bounds.maxResponseBytes) throw tooLargeError(url, bounds);
        this.#end();
        this.#resolve(response);
        return;
      }
      clearTimeout(this.#timer);
      const isStreamed = this.#exchange.streams?.(response) ?? false;
      this.#chunks = new ForeignChunks({
        iterator,
        request: this.#request,
        bounds,
        endsAt: isStreamed ? undefined : this.#endsAt,
        onEnd: error => this.#end(error),
      });
      this.#resolve({ ...response, chunks: this.#chunks });
    } catch (thrown) {
      tellReturn(given);
      this.#fail(foreignError(thrown, url));
    }
  }

  readonly #onAbort = (event: Event): void => {
    this.#fail(abortedError(this.#request.url, event.target as AbortSignal));
  };

  #fail(error: Error): void {
    if (this.#hasEnded) return;
    if (this.#chunks !== undefined) {
      this.#chunks.fail(error);
      return;
    }
    this.#end(error);
    this.#reject(error);
  }

  /** @param error tells the transport to stop */
  #end(error?: Error): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#exchange.signal?.removeEventListener("abort", this.#onAbort);
    this.#exchange.watch.closing?.removeEventListener("abort", this.#onAbort);
    if (error !== undefined) this.#controller.abort(error);
  }
}
