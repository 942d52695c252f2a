import type { ResponseHeaders } from "../../base/capability-error.ts";
import { forgetSignal, heedSignal } from "../../base/long-lived-signal.ts";
import type { BodyStream, HttpRequest, OpenBody } from "../http-request.ts";
import { timeLeftMs } from "../time-left.ts";
import type { Exchange, HttpResponse } from "../transport.ts";
import {
  connectTimeoutError,
  exchangeAborted,
  idleError,
  informationalError,
  timeoutError,
  tooLargeError,
} from "../transport-error.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import { bodyForm, giveBody } from "./content-coding/given-body.ts";
import { MAX_INFORMATIONAL } from "./header-limits.ts";

/** The connection that serves an exchange. */
interface Connection {
  /** Asks the connection to pause. */
  pause(): void;
  resume(): void;
  /** Ends its work for the exchange. */
  abort(reason: Error): void;
}

/** The body of an answer that is given piece by piece. */
interface GivenBody {
  end?(): void;
  fail(error: Error): void;
}

/**
 * The life of one exchange, whatever drives it: clock, signal, limits, and the answer as its parts arrive. It ends once.
 * Parts that arrive later are dropped.
 */
export class ExchangeLife {
  readonly #request: HttpRequest;
  readonly #exchange: Exchange;
  readonly #resolve: (response: HttpResponse | Promise<HttpResponse>) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #connection: Connection | undefined;
  #closing: AbortSignal | undefined;
  /** Its place among those who listen to the signal. `undefined`: it does not. */
  #place: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  /** The body, once the answer was given without its end. */
  #body: GivenBody | undefined;
  #queue: ChunkQueue | undefined;
  #hasEnded = false;
  #informational = 0;
  #status = 0;
  #statusText = "";
  #headers: ResponseHeaders = {};

  constructor(
    request: HttpRequest,
    exchange: Exchange,
    resolve: (response: HttpResponse | Promise<HttpResponse>) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Starts the clock.
   *
   * @param closing ends the exchange as its own signal does
   * @returns `false` if a signal was aborted before: the exchange has ended
   */
  start(closing?: AbortSignal): boolean {
    const { signal, bounds } = this.#exchange;
    this.#closing = closing;
    if (signal?.aborted || closing?.aborted) {
      this.handleEvent();
      return false;
    }
    if (signal !== undefined) this.#place = heedSignal(signal, this);
    closing?.addEventListener("abort", this);
    const leftMs = timeLeftMs(bounds);
    if (leftMs > 0) this.#timer = setTimeout(expire, leftMs, this);
    return true;
  }

  /** Gives the pieces of a body that is read while it is sent. */
  piecesOf(body: BodyStream | OpenBody): AsyncIterable<Uint8Array> {
    return body.arrives ? this.#passOn(body.stream()) : body.stream();
  }

  /** Begins the clock anew with each piece. */
  async *#passOn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of pieces) {
      yield piece;
      if (!this.#hasEnded && this.#body === undefined) this.#timer?.refresh();
    }
  }

  /** Ends the exchange when a signal is aborted. */
  handleEvent(): void {
    const { signal } = this.#exchange;
    this.fail(exchangeAborted(this.#request.url, signal?.aborted ? signal : this.#closing));
  }

  /** Ends the exchange when its time is over. */
  expire(): void {
    this.fail(timeoutError(this.#request.url, this.#exchange.bounds));
  }

  /** Starts the clock of a connection that is opened for this exchange alone. */
  opensConnection(): void {
    const { connectTimeoutMs } = this.#exchange.bounds;
    if (connectTimeoutMs > 0) this.#connectTimer = setTimeout(expireConnecting, connectTimeoutMs, this);
  }

  /** Stops that clock when the connection is open. */
  isConnected(): void {
    clearTimeout(this.#connectTimer);
  }

  /** Ends the exchange when its connection could not be opened in time. */
  expireConnecting(): void {
    this.fail(connectTimeoutError(this.#request.url, this.#exchange.bounds.connectTimeoutMs));
  }

  /** Takes the connection that serves the exchange, which may have ended while it waited for one. */
  isServedBy(connection: Connection): void {
    this.#connection = connection;
    if (this.#hasEnded) connection.abort(new Error("The exchange has ended"));
  }

  /** Takes an answer after which the final one follows. */
  inform(): void {
    if (++this.#informational > MAX_INFORMATIONAL) this.fail(informationalError(this.#request.url));
  }

  /** Takes the head of the final answer. */
  answer(status: number, statusText: string, headers: ResponseHeaders): void {
    if (this.#hasEnded) return;
    const exchange = this.#exchange;
    this.#status = status;
    this.#statusText = statusText;
    this.#headers = headers;
    exchange.watch.meter?.answered();
    const head = { status, statusText, headers };
    const form = bodyForm(head, this.#request, exchange);
    if (form === undefined) return;
    if (form.isStreamed) clearTimeout(this.#timer);
    const queue = new ChunkQueue(
      {
        pause: () => this.#connection?.pause(),
        resume: () => this.#connection?.resume(),
        cancel: () => this.fail(new Error("The answer is not read to its end")),
        onIdle: () => this.fail(idleError(this.#request.url, exchange.bounds)),
      },
      form.isStreamed ? exchange.bounds.timeoutMs : 0,
    );
    this.#queue = queue;
    this.#body = queue;
    this.#resolve(giveBody(head, queue, form, this.#request, exchange));
  }

  /** Takes a piece of the body. */
  receive(chunk: Uint8Array): void {
    if (this.#queue !== undefined) {
      this.#queue.push(chunk);
      return;
    }
    if (this.#hasEnded) return;
    const { bounds } = this.#exchange;
    this.#size += chunk.length;
    if (this.#size > bounds.maxResponseBytes) this.fail(tooLargeError(this.#request.url, bounds));
    else this.#chunks.push(chunk);
  }

  /** Gives an answer that is complete but for `body`, which tells of its end itself. */
  give(response: HttpResponse, body: GivenBody): void {
    clearTimeout(this.#timer);
    this.#body = body;
    this.#resolve(response);
  }

  /** Ends the exchange in order. @param whole the answer, if it did not arrive in parts */
  end(whole?: HttpResponse): void {
    if (this.#hasEnded) return;
    this.#release();
    if (this.#body === undefined) this.#resolve(whole ?? this.#collected());
    else this.#body.end?.();
  }

  /** Ends the exchange with an error, and the work of its connection. */
  fail(error: Error): void {
    if (this.#hasEnded) return;
    this.#release();
    this.#connection?.abort(error);
    if (this.#body === undefined) this.#reject(error);
    else this.#body.fail(error);
  }

  #collected(): HttpResponse {
    const chunks = this.#chunks;
    const [first] = chunks;
    return {
      status: this.#status,
      statusText: this.#statusText,
      headers: this.#headers,
      body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, this.#size),
    };
  }

  #release(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#connectTimer);
    const { signal } = this.#exchange;
    if (signal !== undefined && this.#place !== undefined) forgetSignal(signal, this, this.#place);
    this.#closing?.removeEventListener("abort", this);
  }
}

// Functions of the module: a closure for each exchange would cost more.

function expire(life: ExchangeLife): void {
  life.expire();
}

function expireConnecting(life: ExchangeLife): void {
  life.expireConnecting();
}
