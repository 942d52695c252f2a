import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import { type Dispatcher, Pool } from "undici";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { WireOptions } from "../connect/connect-options.ts";
import { sendByProxy } from "../connect/proxy/send-by-proxy.ts";
import { proxyHeaders } from "../connect/proxy/tunnel.ts";
import { connectBy, connectionError, withFramedBody } from "../connect/undici-connect.ts";
import { type HttpRequest, isBodyStream } from "../http-request.ts";
import { splitUrl } from "../split-url.ts";
import { timeLeftMs } from "../time-left.ts";
import { CONNECT_TIMEOUT_MS, type ExchangeLimits, type HttpResponse, type Transport } from "../transport.ts";
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
import { MAX_HEADER_BYTES, MAX_INFORMATIONAL } from "./header-limits.ts";
import { MeasuredConnections } from "./undici-connections.ts";

/** Connections per origin. Requests beyond them wait their turn. */
const CONNECTIONS = 64;
/** Where callers choose the host, there is no end to origins. */
const MOST_POOLS = 1_000;

/**
 * A transport over undici with one keep-alive pool per origin, TLS identity and connect time-out. The pools live until
 * `close`.
 */
export function createUndiciTransport(wire: WireOptions = {}): Transport {
  const pools = new Map<string, Pool>();
  let measured: MeasuredConnections | undefined;

  const direct: Transport = (request, given) =>
    new Promise((resolve, reject) => {
      if (given.meter !== undefined) measured ??= new MeasuredConnections();
      const limits = given.connection?.http2 ? withFramedBody(request, given) : given;
      const exchange = new Exchange(request, limits, resolve, reject, measured);
      if (!exchange.start()) return;
      const { origin, path } = splitUrl(request.url);
      const { proxy } = limits;
      const isForwarded = proxy !== undefined && request.url.startsWith("http:");
      try {
        poolOf(origin, limits, pools, wire, measured).dispatch(
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
          exchange,
        );
      } catch (error) {
        exchange.fail(networkError(error, request.url));
      }
    });

  const transport: Transport = (request, limits) => {
    const proxies = limits.connection?.proxies;
    return proxies === undefined ? direct(request, limits) : sendByProxy(direct, proxies, request, limits);
  };
  transport.close = async (isForced = false) => {
    const closing = [...pools.values()].map(pool => (isForced ? pool.destroy() : pool.close()));
    pools.clear();
    await Promise.all(closing);
    measured?.close();
    measured = undefined;
  };
  return transport;
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

function poolOf(
  origin: string,
  limits: ExchangeLimits,
  pools: Map<string, Pool>,
  wire: WireOptions,
  measured: MeasuredConnections | undefined,
): Pool {
  const key = poolKey(origin, limits);
  let pool = pools.get(key);
  if (pool !== undefined) return pool;
  const { proxy } = limits;
  const isForwarded = proxy !== undefined && origin.startsWith("http:");
  const connect = connectBy(origin, limits, wire);
  pool = new Pool(isForwarded ? `${proxy.protocol}//${proxy.host}` : origin, {
    connections: CONNECTIONS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: measured === undefined ? connect : measured.connector(connect),
  });
  pools.set(key, pool);
  const [oldest] = pools;
  if (pools.size > MOST_POOLS && oldest !== undefined) {
    pools.delete(oldest[0]);
    // Its exchanges end first; it has nobody left to tell of a failure.
    oldest[1].close().catch(() => {});
  }
  return pool;
}

/** A connection that was opened one way is not used by who has to go another way. */
function poolKey(
  origin: string,
  { tls, connection, proxy, connectTimeoutMs = CONNECT_TIMEOUT_MS }: ExchangeLimits,
): string {
  const isUsual = tls === undefined && connection === undefined && connectTimeoutMs === CONNECT_TIMEOUT_MS;
  if (isUsual && proxy === undefined) return origin;
  return [
    origin,
    tls?.id,
    connectTimeoutMs,
    connection?.id,
    proxy?.protocol,
    proxy?.host,
    proxy?.authorization,
    proxy?.variable,
  ].join(" ");
}

/** One request and its answer. It ends once; what arrives later is dropped. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #limits: ExchangeLimits;
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
    limits: ExchangeLimits,
    resolve: (response: HttpResponse | Promise<HttpResponse>) => void,
    reject: (error: Error) => void,
    measured: MeasuredConnections | undefined,
  ) {
    this.#measured = measured;
    this.#request = request;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Starts the clock; `false` where the signal was aborted before. */
  start(): boolean {
    const { signal } = this.#limits;
    if (signal?.aborted) {
      this.#onAbort();
      return false;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const leftMs = timeLeftMs(this.#limits);
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.fail(timeoutError(this.#request.url, this.#limits)), leftMs);
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
    if (this.#limits.meter !== undefined) this.#measured?.starts(this.#limits.meter);
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
    this.#limits.meter?.answered();
    const form = bodyForm({ status, headers: this.#headers }, this.#request, this.#limits);
    if (form !== undefined) this.#giveThroughQueue(controller, form);
  }

  #giveThroughQueue(controller: Dispatcher.DispatchController, form: BodyForm): void {
    if (form.isStreamed) clearTimeout(this.#timer);
    this.#queue = new ChunkQueue(
      {
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        cancel: () => this.fail(new Error("The answer is not read to its end")),
        onIdle: () => this.fail(idleError(this.#request.url, this.#limits)),
      },
      form.isStreamed ? this.#limits.timeoutMs : 0,
    );
    const head = { status: this.#status, statusText: this.#statusText, headers: this.#headers };
    this.#resolve(giveBody(head, this.#queue, form, this.#request, this.#limits));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#queue !== undefined) {
      this.#queue.push(chunk);
      return;
    }
    this.#size += chunk.length;
    if (this.#size > this.#limits.maxResponseBytes) this.fail(tooLargeError(this.#request.url, this.#limits));
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
    const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = this.#limits;
    // Its own time-out: the system's is a failure of the network.
    const isLate = (error as { readonly code?: unknown }).code === "UND_ERR_CONNECT_TIMEOUT";
    this.fail(
      isLate ? connectTimeoutError(url, connectTimeoutMs) : networkError(connectionError(error, url), url),
    );
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#limits.signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.fail(abortedError(this.#request.url, this.#limits.signal));
  };
}
