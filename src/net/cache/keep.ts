import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { isCapabilityError, type ResponseHeaders } from "../../base/capability-error.ts";
import { copyHeaders } from "../copy-response.ts";
import type { HttpRequest } from "../http-request.ts";
import { splitUrl } from "../split-url.ts";
import type { Exchange, HttpResponse, Layer, Send } from "../transport.ts";
import { exchangeAborted, tooLargeError } from "../transport-error.ts";
import { EntryStore } from "./entry-store.ts";
import { keyHeaders } from "./request-key.ts";
import type { ResponseCache } from "./response-cache.ts";
import { type CacheKey, cacheInterceptor } from "./undici-cache.ts";

/** Methods whose answers are cached. Unsafe methods remove the cached answers of their URL. */
const KEPT: readonly ("GET" | "HEAD")[] = ["GET", "HEAD"];
const SAFE: ReadonlySet<string> = new Set([...KEPT, "OPTIONS", "TRACE"]);

/** Fields by which a caller asks for a part or a version of the answer. Such requests are not cached. */
const CONDITION = /^(?:if-.+|range)$/;

/** Fields by which the cache asks whether its answer is still valid. */
const VALIDATORS = ["if-none-match", "if-modified-since"] as const;

/** Fields about content, which an answer without content does not update (RFC 9111, 3.2). */
const OF_CONTENT: ReadonlySet<string> = new Set([
  "content-length",
  "content-encoding",
  "content-range",
  "content-type",
  "transfer-encoding",
]);

/**
 * Answers from what it has kept, as far as RFC 9111 allows a cache that belongs to one user. Answers
 * to one credential are never given to another. Bodies that come piece by piece are not kept.
 */
export function keep(cache: ResponseCache): Layer {
  return next => async (request, exchange) => {
    if (!isCacheable(request)) return next(request, exchange);
    const entries = await cache.entries();
    if (entries === undefined) return next(request, exchange);
    if (exchange.signal?.aborted) throw exchangeAborted(request.url, exchange.signal);
    const store = new EntryStore(entries, cache.bounds.maxEntryBytes);
    return new Promise((resolve, reject) => {
      new CachedExchange({ request, exchange, next, store, resolve, reject }).start();
    });
  };
}

function isCacheable({ method, headers, body }: HttpRequest): boolean {
  if (!SAFE.has(method)) return true;
  if (body !== undefined || !KEPT.some(kept => kept === method)) return false;
  return !Object.keys(headers).some(name => CONDITION.test(name));
}

interface Parts {
  readonly request: HttpRequest;
  readonly exchange: Exchange;
  readonly next: Send;
  readonly store: EntryStore;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** One request through undici's cache. It handles the answers of the cache, and dispatches by the next layer. */
class CachedExchange implements Dispatcher.DispatchHandler {
  readonly #parts: Parts;
  readonly #key: CacheKey;
  /** The answer of the API, if it was asked. A validated answer is complete. */
  #answer: HttpResponse | undefined;
  #isRevalidated = false;
  /** The error if the API gave no answer. */
  #failure: unknown;
  #status = 0;
  #statusText = "";
  #headers: ResponseHeaders = {};
  readonly #chunks: Buffer[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    const { request, exchange } = parts;
    const { origin, path } = splitUrl(request.url);
    this.#key = { origin, path, method: request.method, headers: keyHeaders(request, exchange.connect.tls) };
  }

  start(): void {
    const { store, reject } = this.#parts;
    const intercept = cacheInterceptor({ store, methods: [...KEPT], type: "private" });
    const dispatch = intercept((options, handler) => {
      this.#send(validatorsOf(options.headers), handler).catch(reject);
      return true;
    });
    try {
      dispatch(
        {
          ...this.#key,
          headers: this.#key.headers ?? null,
          method: this.#key.method as Dispatcher.HttpMethod,
        },
        this,
      );
    } catch (error) {
      reject(error);
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = "",
  ): void {
    this.#status = status;
    this.#statusText = statusText;
    this.#headers = headers as ResponseHeaders;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish().catch(this.#parts.reject);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#parts.reject(error);
  }

  /** undici calls this for a request with `only-if-cached` that is not in the cache. */
  onComplete(): void {
    this.#parts.resolve({ status: 504, statusText: "Gateway Timeout", headers: {}, body: new Uint8Array() });
  }

  async #finish(): Promise<void> {
    const { request, exchange, store, resolve } = this.#parts;
    const isKept = await store.finish();
    // If the statuses differ, the cache has answered in place of the API.
    const answer = this.#answer?.status === this.#status ? this.#answer : undefined;
    if (answer === UNANSWERED) throw this.#failure;
    const response = answer ?? {
      status: this.#status,
      statusText: this.#statusText,
      headers: copyHeaders(this.#headers),
      body: Buffer.concat(this.#chunks),
    };
    if (response.body.length > exchange.bounds.maxResponseBytes) throw tooLargeError(request.url, exchange.bounds);
    const result = answer === undefined ? "hit" : this.#isRevalidated ? "revalidated" : isKept ? "stored" : undefined;
    if (result !== undefined) exchange.watch.observe?.({ type: "cache", request, result });
    resolve(response);
  }

  /** Asks the API, and gives undici's cache the answer. */
  async #send(validators: Readonly<Record<string, string>>, handler: Dispatcher.DispatchHandler): Promise<void> {
    const { request, exchange, next, store, resolve } = this.#parts;
    const isValidation = Object.keys(validators).length > 0;
    const asked = isValidation ? { ...request, headers: { ...request.headers, ...validators } } : request;
    let response: HttpResponse;
    try {
      response = await next(asked, exchange);
    } catch (error) {
      if (!isValidation || !isOutage(error)) throw error;
      // The cache handles errors that are answers. `stale-if-error` also covers this one (RFC 5861, 4).
      this.#failure = error;
      this.#answer = UNANSWERED;
      feed(UNANSWERED, handler);
      return;
    }
    if (response.chunks !== undefined) {
      // The cached answers are outdated, whatever the body is.
      if (!SAFE.has(request.method)) feed({ ...response, body: new Uint8Array() }, handler);
      resolve(response);
      return;
    }
    const answer = (isValidation && this.#revalidated(response)) || response;
    this.#answer = answer;
    store.isSilent = isSilent(answer);
    feed(store.isSilent ? { ...answer, headers: { ...answer.headers, ...VALIDATE } } : answer, handler);
  }

  /** Returns the cached answer, updated with the header of the answer that confirms it, to be cached anew. */
  #revalidated(response: HttpResponse): HttpResponse | undefined {
    if (response.status !== 304) return undefined;
    const kept = this.#parts.store.get(this.#key);
    const { etag } = response.headers;
    if (kept === undefined || (etag !== undefined && etag !== kept.etag)) return undefined;
    const { date: _, ...headers } = kept.headers;
    const news = Object.entries(response.headers).filter(([name]) => !OF_CONTENT.has(name));
    this.#isRevalidated = true;
    return {
      status: kept.statusCode,
      statusText: kept.statusMessage,
      headers: { ...headers, ...Object.fromEntries(news) },
      body: Buffer.concat([...(kept.body as Iterable<Buffer>)]),
    };
  }
}

const FRESHNESS = ["cache-control", "expires", "last-modified"] as const;

/** Returns whether an answer has a tag, but does not say how long it is fresh. */
function isSilent({ headers }: HttpResponse): boolean {
  return headers["etag"] !== undefined && FRESHNESS.every(name => headers[name] === undefined);
}

/** The field that makes undici's cache store such an answer, as it may (RFC 9111, 3), and validate it each time. */
const VALIDATE = { "cache-control": "no-cache" } as const;

/** Stand-in for an answer that did not come. */
const UNANSWERED: HttpResponse = { status: 504, statusText: "", headers: {}, body: new Uint8Array() };

function isOutage(error: unknown): boolean {
  return isCapabilityError(error, "NETWORK") || isCapabilityError(error, "TIMEOUT");
}

function validatorsOf(headers: unknown): Record<string, string> {
  const given = headers as Readonly<Record<string, string | undefined>>;
  const found: Record<string, string> = {};
  for (const name of VALIDATORS) {
    const value = given[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** A controller without effect: the body is complete. */
const CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort() {},
  pause() {},
  resume() {},
};

function feed({ status, statusText, headers, body }: HttpResponse, handler: Dispatcher.DispatchHandler): void {
  handler.onRequestStart?.(CONTROLLER, undefined);
  handler.onResponseStart?.(CONTROLLER, status, headers as IncomingHttpHeaders, statusText);
  if (body.length > 0) handler.onResponseData?.(CONTROLLER, Buffer.from(body.buffer, body.byteOffset, body.length));
  handler.onResponseEnd?.(CONTROLLER, {});
}
