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
import type { Exchange, Send, Transport } from "../transport.ts";
import { networkError } from "../transport-error.ts";
import { ACCEPTED_CODINGS } from "./content-coding/accepted-codings.ts";
import { ExchangeLife } from "./exchange-life.ts";
import type { MeasuredConnections } from "./undici-connections.ts";
import { UndiciPools } from "./undici-pools.ts";

/** Creates a transport over undici. Its connections are kept alive until `close`. */
export function openUndici(wire: WireOptions = {}): Transport {
  const pools = new UndiciPools(wire);

  const direct: Send = (request, exchange) =>
    new Promise((resolve, reject) => {
      const { connect, bounds, watch } = exchange;
      const measured = watch.meter === undefined ? undefined : pools.measure();
      const life = new ExchangeLife(request, exchange, resolve, reject);
      if (!life.start()) return;
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
            body: bodyOf(request, life),
            // The exchange has its own limit, over the whole answer.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          new UndiciHandler(life, request.url, exchange, measured),
        );
      } catch (error) {
        life.fail(networkError(error, request.url));
      }
    });

  const transport: Transport = (request, exchange) => {
    const proxies = exchange.connect.rules?.proxies;
    return proxies === undefined ? direct(request, exchange) : sendByProxy(direct, proxies, request, exchange);
  };
  transport.close = (isForced = false) => pools.close(isForced);
  return Object.assign(transport, { keepsBounds: true });
}

/** Returns names and values in turn, which costs less than another object. */
function headersOf({ headers, body }: HttpRequest): string[] {
  const list: string[] = [];
  for (const name of Object.keys(headers)) list.push(name, headers[name] ?? "");
  if (!("accept-encoding" in headers)) list.push("accept-encoding", ACCEPTED_CODINGS);
  // A stream has no length that undici could see; with a length, it sends so many bytes and no chunks.
  if (isBodyStream(body) && body.size !== undefined) list.push("content-length", String(body.size));
  return list;
}

function bodyOf({ body }: HttpRequest, life: ExchangeLife): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  return isBodyStream(body) ? Readable.from(life.piecesOf(body), { objectMode: false }) : body;
}

/** Tells the life of an exchange what undici tells. */
class UndiciHandler implements Dispatcher.DispatchHandler {
  readonly #life: ExchangeLife;
  readonly #url: string;
  readonly #exchange: Exchange;
  readonly #measured: MeasuredConnections | undefined;

  constructor(life: ExchangeLife, url: string, exchange: Exchange, measured: MeasuredConnections | undefined) {
    this.#life = life;
    this.#url = url;
    this.#exchange = exchange;
    this.#measured = measured;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { meter } = this.#exchange.watch;
    if (meter !== undefined) this.#measured?.starts(meter);
    this.#life.isServedBy(controller);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    if (status < 200) this.#life.inform();
    else this.#life.answer(status, statusText || STATUS_CODES[status] || "", headers as ResponseHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#life.receive(chunk);
  }

  onResponseEnd(): void {
    this.#life.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // undici's own time-out: the system's is a failure of the network.
    if ((error as { readonly code?: unknown }).code === "UND_ERR_CONNECT_TIMEOUT") this.#life.expireConnecting();
    else this.#life.fail(networkError(connectionError(error, this.#url), this.#url));
  }
}
