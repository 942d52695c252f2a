import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { SecureContextOptions } from "node:tls";
import { urlToHttpOptions } from "node:url";
import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { WireOptions } from "../connect/connect-options.ts";
import { tlsOptions } from "../connect/tls-options.ts";
import { type HttpRequest, isBodyStream, type RequestBody } from "../http-request.ts";
import { splitUrl } from "../split-url.ts";
import { timeLeftMs } from "../time-left.ts";
import type { Bounds, ConnectPlan, Exchange, HttpResponse, Send, Transport } from "../transport.ts";
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
import { bodyForm, giveBody } from "./content-coding/given-body.ts";
import { MAX_HEADER_BYTES, MAX_INFORMATIONAL } from "./header-limits.ts";
import type { Route } from "./node-http-route.ts";

/**
 * A transport over Node's own client, without keep-alive: for a process that makes one call. It is part of Node's
 * snapshot, so it starts in a fraction of the time undici takes to load; undici is the faster one from the second call.
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
      const { statusText, ...response } = await sendOnce({ start, write, route }, request, exchange);
      return { ...response, statusText: statusText || http.STATUS_CODES[response.status] || "" };
    } catch (error) {
      // What Node refuses to send at all it throws.
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
  readonly write: (client: ClientRequest, fail: (error: Error) => void) => void;
  readonly route: Route | undefined;
}

async function anotherRoute(url: string, connect: ConnectPlan, wire: WireOptions): Promise<Route> {
  const { routeTo } = await import("./node-http-route.ts");
  return routeTo(url, connect, wire);
}

async function bodyWriter({ body }: HttpRequest): Promise<Client["write"]> {
  if (!isBodyStream(body)) return client => client.end(body);
  const { pipeline, Readable } = await import("node:stream");
  return (client, fail) => {
    pipeline(Readable.from(body.stream(), { objectMode: false }), client, error => {
      if (error) fail(error);
    });
  };
}

function sendOnce(
  { start, write, route }: Client,
  request: HttpRequest,
  exchange: Exchange,
): Promise<HttpResponse> {
  const { url } = request;
  const { signal, bounds, watch } = exchange;
  const { connectTimeoutMs } = bounds;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortedError(url, signal));
      return;
    }
    let ended = false;
    let queue: ChunkQueue | undefined;
    const finish = (result: HttpResponse | Error) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      clearTimeout(connectTimer);
      signal?.removeEventListener("abort", onAbort);
      if (result instanceof Error) {
        client.destroy();
        if (queue === undefined) reject(result);
        else queue.fail(result);
      } else if (queue === undefined) {
        resolve(result);
      } else {
        queue.end();
      }
    };
    const onAbort = () => finish(abortedError(url, signal));
    const client = start(requestOptions(request, exchange.connect, route));
    const leftMs = timeLeftMs(bounds);
    const timer = leftMs > 0 ? setTimeout(() => finish(timeoutError(url, bounds)), leftMs) : undefined;
    const connectTimer =
      connectTimeoutMs > 0
        ? setTimeout(() => finish(connectTimeoutError(url, connectTimeoutMs)), connectTimeoutMs)
        : undefined;
    client.on("socket", socket => {
      watch.meter?.opens(socket);
      socket.once(url.startsWith("https:") ? "secureConnect" : "connect", () => clearTimeout(connectTimer));
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    // Also after the exchange has ended: a destroyed socket still reports.
    client.on("error", error => finish(networkError(error, url)));
    client.on("upgrade", (_, socket) => {
      socket.destroy();
      finish(networkError(new Error("the server changed the protocol"), url));
    });
    let informational = 0;
    client.on("information", () => {
      if (++informational > MAX_INFORMATIONAL) finish(informationalError(url));
    });
    client.on("response", response => {
      watch.meter?.answered();
      const head = headOf(response);
      const form = bodyForm(head, request, exchange);
      if (form === undefined) {
        collect(response, head, url, bounds, finish);
        return;
      }
      if (form.isStreamed) clearTimeout(timer);
      queue = queueOf(response, url, form.isStreamed ? bounds : { ...bounds, timeoutMs: 0 }, finish);
      // The queue is there: this only ends it.
      response.on("end", () => finish({ ...head, body: new Uint8Array() }));
      resolve(giveBody(head, queue, form, request, exchange));
    });
    try {
      write(client, error => finish(networkError(error, url)));
    } catch (error) {
      // A body of the program's own may throw when it is first asked.
      finish(networkError(error, url));
    }
  });
}

function bodyLength(body: RequestBody): number {
  return isBodyStream(body) ? body.size : Buffer.byteLength(body);
}

function requestOptions(
  request: HttpRequest,
  { tls }: ConnectPlan,
  route: Route | undefined,
): RequestOptions & SecureContextOptions {
  const { method, url, body } = request;
  // What the request says of it wins.
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
      ...(body === undefined ? {} : { "content-length": bodyLength(body) }),
    },
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    ...(tls === undefined ? {} : tlsOptions(tls)),
    ...route?.options,
  };
}

type Head = Omit<HttpResponse, "body">;

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): Head {
  return {
    status: statusCode ?? 0,
    statusText: statusMessage ?? "",
    headers: responseHeaders(rawHeaders),
  };
}

function queueOf(
  response: IncomingMessage,
  url: string,
  bounds: Bounds,
  fail: (error: Error) => void,
): ChunkQueue {
  const queue = new ChunkQueue(
    {
      pause: () => response.pause(),
      resume: () => response.resume(),
      cancel: () => fail(new Error("The answer is not read to its end")),
      onIdle: () => fail(idleError(url, bounds)),
    },
    bounds.timeoutMs,
  );
  response.on("data", (chunk: Buffer) => queue.push(chunk));
  response.on("error", error => fail(networkError(error, url)));
  return queue;
}

function collect(
  response: IncomingMessage,
  head: Head,
  url: string,
  bounds: Bounds,
  finish: (result: HttpResponse | Error) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > bounds.maxResponseBytes) finish(tooLargeError(url, bounds));
    else chunks.push(chunk);
  });
  response.on("error", error => finish(networkError(error, url)));
  response.on("end", () => {
    finish({ ...head, body: Buffer.concat(chunks, size) });
  });
}

/** Every field that came more than once as a list: Node's own `headers` drop some of them and join others. */
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
