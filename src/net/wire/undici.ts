import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { WireOptions } from "../connect/connect-options.ts";
import { sendByProxy } from "../connect/proxy/send-by-proxy.ts";
import { proxyHeaders } from "../connect/proxy/tunnel.ts";
import { connectionError, withFramedBody } from "../connect/undici-connect.ts";
import { type HttpRequest, isBodyStream } from "../http-request.ts";
import { splitUrl } from "../split-url.ts";
import { timeLeftMs } from "../time-left.ts";
import type { Exchange, HttpResponse, Send, Transport } from "../transport.ts";
import {
  abortedError,
  connectTimeoutError,
  idleError,
  informationalError,
  networkError,
  timeoutError,
  tooLargeError,
} from "../transport-error.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import { ACCEPTED_CODINGS } from "./content-coding/accepted-codings.ts";
import { type BodyForm, bodyForm, giveBody } from "./content-coding/given-body.ts";
import { MAX_INFORMATIONAL } from "./header-limits.ts";
import type { MeasuredConnections } from "./undici-connections.ts";
import { UndiciPools } from "./undici-pools.ts";

/**
 * A transport over undici, whose connections are kept alive. They live until `close`.
 */
export function createUndiciTransport(wire: WireOptions = {}): Transport {
  const pools = new UndiciPools(wire);

  const direct: Send = (request, exchange) =>
    new Promise((resolve, reject) => {
      const { connect, bounds, watch } = exchange;
      const measured = watch.meter === undefined ? undefined : pools.measure();
      const handler = new UndiciExchange(request, exchange, resolve, reject, measured);
      if (!handler.start()) return;
      const { origin, path } = splitUrl(request.url);
      const plan = connect.rules?.http2 ? withFramedBody(request, connect) : connect;
      const { proxy } = plan;
      const isForwarded = proxy !== undefined && request.url.startsWith("http:");
      try {
        pools.of(origin, plan, bounds.connectTimeoutMs).dispatch(
          {
            // undici sends any token; its type lists only the methods it knows.
            method: request.method as Dispatcher.HttpMethod,
            path: isForwarded ? request.url : path,
            headers: headersOf(
              isForwarded
                ? {
                    ...request,
                    headers: { ...request.headers, ...proxyHeaders(proxy, new URL(origin).host) },
                  }
                : request,
            ),
            body: bodyOf(request),
            // The exchange has its own limit, over the whole answer.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          handler,
        );
      } catch (error) {
        handler.fail(networkError(error, request.url));
      }
    });

  const transport: Transport = (request, exchange) => {
    const proxies = exchange.connect.rules?.proxies;
    return proxies === undefined
      ? direct(request, exchange)
      : sendByProxy(direct, proxies, request, exchange);
  };
  transport.close = (isForced = false) => pools.close(isForced);
  return Object.assign(transport, { keepsBounds: true });
}

/** Names and values in turn, which costs less than another object. */
function headersOf({ headers, body }: HttpRequest): string[] {
  const list: string[] = [];
  for (const name of Object.keys(headers)) list.push(name, headers[name] ?? "");
  if (!("accept-encoding" in headers)) list.push("accept-encoding", ACCEPTED_CODINGS);
  // A stream has no length that undici could see; with a length, it sends so many bytes and no chunks.
  if (isBodyStream(body)) list.push("content-length", String(body.size));
  return list;
}

function bodyOf({ body }: HttpRequest): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  return isBodyStream(body) ? Readable.from(body.stream(), { objectMode: false }) : body;
}

/** One request and its answer. It ends once; what arrives later is dropped. */
class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #exchange: Exchange;
  readonly #resolve: (response: HttpResponse | Promise<HttpResponse>) => void;
  readonly #reject: (error: Error) => void;
  readonly #measured: MeasuredConnections | undefined;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  /** Where the body goes when it is given piece by piece. */
  #queue: ChunkQueue | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  #size = 0;
  #informational = 0;
  #status = 0;
  #statusText = "";
  #headers: ResponseHeaders = {};

  constructor(
    request: HttpRequest,
    exchange: Exchange,
    resolve: (response: HttpResponse | Promise<HttpResponse>) => void,
    reject: (error: Error) => void,
    measured: MeasuredConnections | undefined,
  ) {
    this.#measured = measured;
    this.#request = request;
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Starts the clock; `false` where the signal was aborted before. */
  start(): boolean {
    const { signal, bounds } = this.#exchange;
    if (signal?.aborted) {
      this.#onAbort();
      return false;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const leftMs = timeLeftMs(bounds);
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.fail(timeoutError(this.#request.url, bounds)), leftMs);
    }
    return true;
  }

  /** Ends the exchange, and the connection where one is in use. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#end();
    this.#controller?.abort(error);
    if (this.#queue === undefined) this.#reject(error);
    else this.#queue.fail(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { meter } = this.#exchange.watch;
    if (meter !== undefined) this.#measured?.starts(meter);
    // It may end while it waits for a connection.
    if (this.#ended) controller.abort(new Error("The exchange has ended"));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    if (status < 200) {
      // The final answer follows.
      if (++this.#informational > MAX_INFORMATIONAL) this.fail(informationalError(this.#request.url));
      return;
    }
    this.#status = status;
    this.#headers = headers as ResponseHeaders;
    this.#statusText = statusText || STATUS_CODES[status] || "";
    this.#exchange.watch.meter?.answered();
    const form = bodyForm({ status, headers: this.#headers }, this.#request, this.#exchange);
    if (form !== undefined) this.#giveThroughQueue(controller, form);
  }

  #giveThroughQueue(controller: Dispatcher.DispatchController, form: BodyForm): void {
    if (form.isStreamed) clearTimeout(this.#timer);
    this.#queue = new ChunkQueue(
      {
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        cancel: () => this.fail(new Error("The answer is not read to its end")),
        onIdle: () => this.fail(idleError(this.#request.url, this.#exchange.bounds)),
      },
      form.isStreamed ? this.#exchange.bounds.timeoutMs : 0,
    );
    const head = { status: this.#status, statusText: this.#statusText, headers: this.#headers };
    this.#resolve(giveBody(head, this.#queue, form, this.#request, this.#exchange));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#queue !== undefined) {
      this.#queue.push(chunk);
      return;
    }
    this.#size += chunk.length;
    const { bounds } = this.#exchange;
    if (this.#size > bounds.maxResponseBytes) this.fail(tooLargeError(this.#request.url, bounds));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#end();
    if (this.#queue !== undefined) {
      this.#queue.end();
      return;
    }
    const [first] = this.#chunks;
    this.#resolve({
      status: this.#status,
      statusText: this.#statusText,
      headers: this.#headers,
      body:
        this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { url } = this.#request;
    const { connectTimeoutMs } = this.#exchange.bounds;
    // Its own time-out: the system's is a failure of the network.
    const isLate = (error as { readonly code?: unknown }).code === "UND_ERR_CONNECT_TIMEOUT";
    this.fail(
      isLate ? connectTimeoutError(url, connectTimeoutMs) : networkError(connectionError(error, url), url),
    );
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#exchange.signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.fail(abortedError(this.#request.url, this.#exchange.signal));
  };
}
