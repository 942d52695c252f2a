import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { SecureContextOptions } from "node:tls";
import { urlToHttpOptions } from "node:url";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { WireOptions } from "../connect/connect-options.ts";
import { tlsOptions } from "../connect/tls-options.ts";
import { type HttpRequest, isBodyStream, type RequestBody } from "../http-request.ts";
import { splitUrl } from "../split-url.ts";
import type { ConnectPlan, Exchange, HttpResponse, Send, Transport } from "../transport.ts";
import { networkError } from "../transport-error.ts";
import { ACCEPTED_CODINGS } from "./content-coding/accepted-codings.ts";
import { ExchangeLife } from "./exchange-life.ts";
import { MAX_HEADER_BYTES } from "./header-limits.ts";
import type { Route } from "./node-http-route.ts";

/**
 * Creates a transport over Node's own client, without keep-alive: for a process that makes one call. The client is part
 * of Node's snapshot, so it starts in a fraction of the time that undici takes to load. undici is faster from the
 * second call on.
 */
export function createNodeHttpTransport(wire: WireOptions = {}): Transport {
  const direct: Send = async (request, exchange) => {
    const { connect } = exchange;
    // Loaded here: a call that is only prepared needs neither.
    const http = await import("node:http");
    const client = request.url.startsWith("https:") ? await import("node:https") : http;
    try {
      const route =
        connect.rules === undefined && connect.proxy === undefined
          ? undefined
          : await anotherRoute(request.url, connect, wire);
      const write = await bodyWriter(request);
      const start = route?.start ?? client.request;
      return await sendOnce({ start, write, route, statusTexts: http.STATUS_CODES }, request, exchange);
    } catch (error) {
      throw networkError(error, request.url);
    }
  };
  const transport: Transport = async (request, exchange) => {
    const proxies = exchange.connect.rules?.proxies;
    if (proxies === undefined) return direct(request, exchange);
    const { sendByProxy } = await import("../connect/proxy/send-by-proxy.ts");
    return sendByProxy(direct, proxies, request, exchange);
  };
  return Object.assign(transport, { keepsBounds: true });
}

interface Client {
  readonly start: (options: RequestOptions) => ClientRequest;
  /** Writes the body and ends the request; `fail` is told of a body that cannot be read. */
  readonly write: (client: ClientRequest, life: ExchangeLife, fail: (error: unknown) => void) => void;
  readonly route: Route | undefined;
  readonly statusTexts: Readonly<Record<string, string | undefined>>;
}

async function anotherRoute(url: string, connect: ConnectPlan, wire: WireOptions): Promise<Route> {
  const { routeTo } = await import("./node-http-route.ts");
  return routeTo(url, connect, wire);
}

async function bodyWriter({ body }: HttpRequest): Promise<Client["write"]> {
  if (!isBodyStream(body)) return client => client.end(body);
  const { pipeline, Readable } = await import("node:stream");
  return (client, life, fail) => {
    pipeline(Readable.from(life.piecesOf(body), { objectMode: false }), client, error => {
      if (error) fail(error);
    });
  };
}

function sendOnce(
  { start, write, route, statusTexts }: Client,
  request: HttpRequest,
  exchange: Exchange,
): Promise<HttpResponse> {
  const { url } = request;
  return new Promise((resolve, reject) => {
    const life = new ExchangeLife(request, exchange, resolve, reject);
    if (!life.start()) return;
    const fail = (error: unknown) => life.fail(networkError(error, url));
    try {
      const client = start(requestOptions(request, exchange.connect, route));
      let answer: IncomingMessage | undefined;
      life.isServedBy({
        pause: () => answer?.pause(),
        resume: () => answer?.resume(),
        abort: () => client.destroy(),
      });
      life.opensConnection();
      client.on("socket", socket => {
        exchange.watch.meter?.opens(socket);
        socket.once(url.startsWith("https:") ? "secureConnect" : "connect", () => life.isConnected());
      });
      // Also after the exchange has ended: a destroyed socket still reports.
      client.on("error", fail);
      client.on("upgrade", (_, socket) => {
        socket.destroy();
        fail(new Error("the server changed the protocol"));
      });
      client.on("information", () => life.inform());
      client.on("response", response => {
        answer = response;
        const { statusCode: status = 0, statusMessage, rawHeaders } = response;
        life.answer(status, statusMessage || statusTexts[status] || "", responseHeaders(rawHeaders));
        response.on("data", (chunk: Buffer) => life.receive(chunk));
        response.on("error", fail);
        response.on("end", () => life.end());
      });
      write(client, life, fail);
    } catch (error) {
      // Node throws where it refuses to send at all. So may a body of the program when it is first asked.
      fail(error);
    }
  });
}

function framing(body: RequestBody): Readonly<Record<string, string | number>> {
  const length = isBodyStream(body) ? body.size : Buffer.byteLength(body);
  return length === undefined ? { "transfer-encoding": "chunked" } : { "content-length": length };
}

function requestOptions(
  request: HttpRequest,
  { tls }: ConnectPlan,
  route: Route | undefined,
): RequestOptions & SecureContextOptions {
  const { method, url, body } = request;
  // The request's own field wins.
  const headers = { "accept-encoding": ACCEPTED_CODINGS, ...request.headers };
  const { protocol, hostname, port } = urlToHttpOptions(new URL(url));
  return {
    protocol,
    hostname,
    port,
    path: splitUrl(url).path,
    method,
    // Node frames a body of POST, PUT and PATCH only; without its length a server takes others for the next request.
    headers: {
      ...headers,
      ...route?.headers,
      ...(body === undefined ? {} : framing(body)),
    },
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    ...(tls && tlsOptions(tls)),
    ...route?.options,
  };
}

/**
 * Returns the header fields. One that came more than once is a list: Node's own `headers` drop some of them and join
 * others.
 */
function responseHeaders(raw: readonly string[]): ResponseHeaders {
  const headers = new Map<string, string | string[]>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const value = raw[index + 1] ?? "";
    const present = headers.get(name);
    if (present === undefined) headers.set(name, value);
    else if (typeof present === "string") headers.set(name, [present, value]);
    else present.push(value);
  }
  return Object.fromEntries(headers);
}
