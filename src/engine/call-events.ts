import { CapabilityError, type ErrorCode, isCapabilityError, type ResponseHeaders } from "../base/capability-error.ts";
import { maskHeader } from "../base/mask-header.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import { tellListener } from "../base/tell-listener.ts";
import { bodyBytes, recordBody } from "../net/cassette/recorded-body.ts";
import { createRedactor, type Redactor } from "../net/cassette/redactor.ts";
import { elapsedMs } from "../net/elapsed-ms.ts";
import { type HttpRequest, isBodyStream } from "../net/http-request.ts";
import type { ExchangeEvent, ExchangeTimings, Observe } from "../net/layers/exchange-event.ts";
import type { Exchange } from "../net/transport.ts";

/** A request as events have it: as it is sent, with secrets masked. */
export interface EventRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body; 0 without one. */
  readonly bodyBytes: number;
  /**
   * The body: a text with secrets masked, or bytes that are not text. It is made when it is first read. Absent without a
   * body, and for a body that is read while it is sent.
   */
  readonly body?: string | Uint8Array;
}

/** The reason for a failure: the code of a {@link CapabilityError}, or `FAULT` for any other error. */
export type EventErrorCode = ErrorCode | "FAULT";

/** Members of every event. */
interface EventOfCall {
  /** Tells the calls of one capability apart: a number, counted from 1. */
  readonly call: number;
  /** Shortest reference of the operation that was called. */
  readonly operation: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

/** A request is about to be sent: the first of the call, a further try, a redirect, the answer to a challenge, a token. */
export interface AttemptEvent extends EventOfCall {
  readonly type: "attempt";
  readonly request: EventRequest;
}

/** A request was answered, whatever the status. */
export interface ResponseEvent extends EventOfCall {
  readonly type: "response";
  /** The object of the attempt event. */
  readonly request: EventRequest;
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** Bytes of the body, without content coding; absent if it comes piece by piece; a `body` event tells its end. */
  readonly bodyBytes?: number;
  /** As in {@link EventRequest}. */
  readonly body?: string | Uint8Array;
  readonly timings: ExchangeTimings;
}

/** The body of an answer that comes piece by piece has ended. */
export interface BodyEvent extends EventOfCall {
  readonly type: "body";
  readonly request: EventRequest;
  readonly bodyBytes: number;
  /** As in {@link EventRequest}; absent where it is longer than 1 MiB. */
  readonly body?: string | Uint8Array;
  /** Why it broke off. */
  readonly error?: EventErrorCode;
  /** To its end. */
  readonly timings: ExchangeTimings;
}

/** A request got no answer. */
export interface FailureEvent extends EventOfCall {
  readonly type: "failure";
  readonly request: EventRequest;
  readonly error: EventErrorCode;
  readonly message: string;
  readonly timings: ExchangeTimings;
}

/** A request is sent again after a pause. */
export interface RetryEvent extends EventOfCall {
  readonly type: "retry";
  readonly request: EventRequest;
  /** Number of the attempt that follows: 2 and up. */
  readonly attempt: number;
  /** How many there may be in all. */
  readonly attempts: number;
  readonly pauseMs: number;
  /** Why, where there was an answer. */
  readonly status?: number;
  /** Why, where there was none. */
  readonly error?: EventErrorCode;
  /** The header that says how long to wait, where one does. */
  readonly header?: string;
}

/** A request waits for its turn. */
export interface WaitEvent extends EventOfCall {
  readonly type: "wait";
  readonly host: string;
  /** The limit of the host that it waits for. */
  readonly reason: "rate" | "concurrency";
}

/** An answer points elsewhere, and is followed. */
export interface RedirectEvent extends EventOfCall {
  readonly type: "redirect";
  readonly status: number;
  readonly from: string;
  readonly to: string;
}

/** A cache answered a request, had its answer confirmed, kept it, or shared the answer of another request. */
export interface CacheEvent extends EventOfCall {
  readonly type: "cache";
  readonly request: EventRequest;
  readonly result: "hit" | "revalidated" | "stored" | "shared";
}

/** An authorization server has given a token. Calls that wait for the same token are not told: the first one is. */
export interface TokenEvent extends EventOfCall {
  readonly type: "token";
  readonly endpoint: string;
  /** `client_credentials`, `refresh_token`, … */
  readonly grant: string;
  readonly durationMs: number;
}

/** A walk through pages has got a page. */
export interface PageEvent extends EventOfCall {
  readonly type: "page";
  /** Counted from 1. */
  readonly page: number;
  /** How many items it has; absent where it has no list. */
  readonly items?: number;
  readonly url: string;
}

/** A call has ended; a walk through pages, or a stream, when its last piece was read or its reader has left. */
export interface DoneEvent extends EventOfCall {
  readonly type: "done";
  readonly durationMs: number;
  /** Number of requests sent, redirects and tokens included. */
  readonly attempts: number;
  /** Status of the last answer. Absent without one. */
  readonly status?: number;
  /** Why the call failed; absent where it did not. */
  readonly error?: EventErrorCode;
}

/** An event of a call, as `onEvent` gets it. Events are frozen, and known secrets in them are masked. */
export type CallEvent =
  | AttemptEvent
  | ResponseEvent
  | BodyEvent
  | FailureEvent
  | RetryEvent
  | WaitEvent
  | RedirectEvent
  | CacheEvent
  | TokenEvent
  | PageEvent
  | DoneEvent;

/** Members of an event that its call adds. */
type Common = "call" | "operation" | "at";
/** `Omit` for each member of a union. */
type Without<Event> = Event extends unknown ? Omit<Event, Common> : never;
type EventBody = { readonly body?: string | Uint8Array };

/** The parts of a capability that watching a call takes. */
export interface WatchContext {
  readonly onEvent: (event: CallEvent) => unknown;
  readonly secrets: SecretMask;
  readonly now: () => number;
}

/** Follows one call and tells the listener, with secrets masked. It is made only where there is a listener. */
export class CallWatch {
  readonly #context: WatchContext;
  readonly #call: number;
  readonly #operation: string;
  readonly #startedAt: number = performance.now();
  /** One for each call: the credentials that it learns do not outlive the call. */
  readonly #redactor: Redactor;
  readonly #requests = new WeakMap<HttpRequest, EventRequest>();
  #attempts = 0;
  #status: number | undefined;
  #isDone = false;

  constructor(context: WatchContext, call: number, operation: string) {
    this.#context = context;
    this.#call = call;
    this.#operation = operation;
    this.#redactor = createRedactor([], text => context.secrets.text(text));
  }

  /** Adds this listener to an exchange. */
  observed(exchange: Exchange): Exchange {
    const { watch } = exchange;
    const { observe } = watch;
    const both: Observe = event => {
      observe?.(event);
      this.#take(event);
    };
    return { ...exchange, watch: { ...watch, observe: both } };
  }

  readonly #take: Observe = event => {
    if (event.type === "attempt") this.#attempts++;
    if (event.type === "response") this.#status = event.status;
    this.#tell(this.#masked(event));
  };

  page(page: number, items: readonly unknown[] | undefined, url: string): void {
    const counted = items === undefined ? {} : { items: items.length };
    this.#tell({ type: "page", page, ...counted, url: this.#redactor.url(url) });
  }

  /** Ends the call, with its error if it has failed. Only the first time counts. */
  done(error?: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (isCapabilityError(error, "HTTP_STATUS")) this.#status = error.details.status;
    this.#tell({
      type: "done",
      durationMs: elapsedMs(this.#startedAt),
      attempts: this.#attempts,
      ...(this.#status === undefined ? {} : { status: this.#status }),
      ...(error === undefined ? {} : { error: errorCode(error) }),
    });
  }

  #tell(event: Without<CallEvent>): void {
    const common = { call: this.#call, operation: this.#operation, at: this.#context.now() };
    const { onEvent, secrets } = this.#context;
    const told = Object.freeze(withMembers(event, common));
    tellListener("onEvent", text => secrets.text(text), onEvent, told);
  }

  #masked(event: ExchangeEvent): Without<CallEvent> {
    switch (event.type) {
      case "attempt":
        return { type: "attempt", request: this.#request(event.request) };
      case "response": {
        const { status, statusText, headers, body, timings } = event;
        const shown = {
          type: "response",
          request: this.#request(event.request),
          status,
          statusText: this.#redactor.text(statusText),
          headers: this.#responseHeaders(headers),
          timings,
        } as const;
        if (body === undefined) return shown;
        return this.#withBody({ ...shown, bodyBytes: body.length }, body, headers["content-type"]);
      }
      case "body": {
        const { bytes, body, error, timings } = event;
        const request = this.#request(event.request);
        const failed = error === undefined ? {} : { error: errorCode(error) };
        return this.#withBody({ type: "body", request, bodyBytes: bytes, ...failed, timings }, body, undefined);
      }
      case "failure": {
        const { error, timings } = event;
        const message = this.#redactor.text(error.message);
        return {
          type: "failure",
          request: this.#request(event.request),
          error: errorCode(error),
          message,
          timings,
        };
      }
      case "retry": {
        const { attempt, attempts, pauseMs, reason, header } = event;
        const request = this.#request(event.request);
        const why = typeof reason === "number" ? { status: reason } : { error: errorCode(reason) };
        return {
          type: "retry",
          request,
          attempt,
          attempts,
          pauseMs,
          ...why,
          ...(header === undefined ? {} : { header }),
        };
      }
      case "redirect": {
        const { type, status, from, to } = event;
        return { type, status, from: this.#redactor.url(from), to: this.#redactor.url(to) };
      }
      case "cache":
        return { type: "cache", request: this.#request(event.request), result: event.result };
      case "token":
        return { ...event, endpoint: this.#redactor.url(event.endpoint) };
      case "wait":
        return { ...event };
    }
  }

  #request(request: HttpRequest): EventRequest {
    let shown = this.#requests.get(request);
    if (shown !== undefined) return shown;
    const { method, url, body } = request;
    // Before the URL: a credential in a header is masked there too.
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, this.#header(name, value)]),
    );
    const address = this.#redactor.url(url);
    const size = body === undefined ? 0 : isBodyStream(body) ? (body.size ?? 0) : Buffer.byteLength(body);
    const bodiless = { method, url: address, headers: Object.freeze(headers), bodyBytes: size };
    const atHand = isBodyStream(body) ? undefined : body;
    shown = Object.freeze(this.#withBody(bodiless, atHand, request.headers["content-type"]));
    this.#requests.set(request, shown);
    return shown;
  }

  #responseHeaders(headers: ResponseHeaders): ResponseHeaders {
    const shown = Object.entries(headers).map(([name, value]) => {
      const shownName = this.#redactor.text(name);
      if (typeof value === "string") return [shownName, this.#header(name, value)] as const;
      return [shownName, Object.freeze(value.map(field => this.#header(name, field)))] as const;
    });
    return Object.freeze(Object.fromEntries(shown));
  }

  #header(name: string, value: string): string {
    const redacted = this.#redactor.header(name, value);
    // With the scheme, where it names one.
    return redacted === "***" ? maskHeader(name, value, { field: () => redacted }) : redacted;
  }

  /** Most listeners never read a body: it is masked for those that do. */
  #withBody<Members extends object>(
    members: Members,
    body: string | Uint8Array | undefined,
    contentType: string | readonly string[] | undefined,
  ): Members & EventBody {
    if (body === undefined) return members;
    const redactor = this.#redactor;
    let masked: string | Uint8Array | undefined;
    return withMembers(members, {
      get body() {
        masked ??= maskedBody(body, String(contentType ?? ""), redactor);
        return masked;
      },
    });
  }
}

/** Adds members, getters as getters. */
function withMembers<First extends object, Second extends object>(first: First, second: Second): First & Second {
  return Object.defineProperties(first, Object.getOwnPropertyDescriptors(second)) as First & Second;
}

function maskedBody(body: string | Uint8Array, contentType: string, redactor: Redactor): string | Uint8Array {
  const { body: recorded } = recordBody(body, contentType, redactor);
  const bytes = bodyBytes(recorded);
  return recorded !== undefined && "base64" in recorded ? bytes : Buffer.from(bytes).toString("utf8");
}

function errorCode(error: unknown): EventErrorCode {
  return error instanceof CapabilityError ? error.code : "FAULT";
}
