import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { SecureContextOptions } from "node:tls";
import { urlToHttpOptions } from "node:url";
import type { ResponseHeaders } from "../error/capability-error.ts";
import type { HttpRequest } from "./http-request.ts";
import { splitUrl } from "./split-url.ts";
import { tlsOptions } from "./tls-options.ts";
import type { ExchangeLimits, HttpResponse, Transport } from "./transport.ts";
import { abortedError, networkError, timeoutError, tooLargeError } from "./transport-error.ts";

/**
 * A transport over Node's own client, without keep-alive: for a process that makes one call. It is part of Node's
 * snapshot, so it starts in a fraction of the time undici takes to load; undici is the faster one from the second call.
 */
export function createNodeHttpTransport(): Transport {
  return async (request, limits) => {
    // Loaded here: a call that is only prepared needs neither.
    const http = await import("node:http");
    const client = request.url.startsWith("https:") ? await import("node:https") : http;
    try {
      const { statusText, ...response } = await exchange(client.request, request, limits);
      return { ...response, statusText: statusText || http.STATUS_CODES[response.status] || "" };
    } catch (error) {
      // What Node refuses to send at all it throws.
      throw networkError(error, request.url);
    }
  };
}

type StartRequest = (options: RequestOptions) => ClientRequest;

function exchange(start: StartRequest, request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse> {
  const { url } = request;
  const { signal, timeoutMs } = limits;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortedError(url, signal));
      return;
    }
    let settled = false;
    const finish = (result: HttpResponse | Error) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (result instanceof Error) {
        client.destroy();
        reject(result);
      } else {
        resolve(result);
      }
    };
    const onAbort = () => finish(abortedError(url, signal));
    const client = start(requestOptions(request, limits));
    const timer = timeoutMs > 0 ? setTimeout(() => finish(timeoutError(url, limits)), timeoutMs) : undefined;
    signal?.addEventListener("abort", onAbort, { once: true });
    // Also after the promise has settled: a destroyed socket still reports.
    client.on("error", error => finish(networkError(error, url)));
    client.on("upgrade", (_, socket) => {
      socket.destroy();
      finish(networkError(new Error("the server changed the protocol"), url));
    });
    client.on("response", response => collect(response, url, limits, finish));
    client.end(request.body);
  });
}

function requestOptions(
  { method, url, headers, body }: HttpRequest,
  { tls }: ExchangeLimits,
): RequestOptions & SecureContextOptions {
  const { protocol, hostname, port } = urlToHttpOptions(new URL(url));
  return {
    protocol,
    hostname,
    port,
    path: splitUrl(url).path,
    method,
    // Node frames a body of POST, PUT and PATCH only; without its length a server takes others for the next request.
    headers: body === undefined ? { ...headers } : { ...headers, "content-length": Buffer.byteLength(body) },
    agent: false,
    ...(tls === undefined ? {} : tlsOptions(tls)),
  };
}

function collect(
  response: IncomingMessage,
  url: string,
  limits: ExchangeLimits,
  finish: (result: HttpResponse | Error) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limits.maxResponseBytes) finish(tooLargeError(url, limits));
    else chunks.push(chunk);
  });
  response.on("error", error => finish(networkError(error, url)));
  response.on("end", () => {
    finish({
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? "",
      headers: responseHeaders(response.rawHeaders),
      body: Buffer.concat(chunks, size),
    });
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
