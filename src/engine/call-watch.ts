import { CapabilityError, isCapabilityError, type ResponseHeaders } from "../base/capability-error.ts";
import { maskHeader } from "../base/mask-header.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import { tellListener } from "../base/tell-listener.ts";
import { bodyBytes, recordBody } from "../net/cassette/recorded-body.ts";
import { createRedactor, type Redactor } from "../net/cassette/redactor.ts";
import { elapsedMs } from "../net/elapsed-ms.ts";
import { type HttpRequest, isBodyStream } from "../net/http-request.ts";
import type { ExchangeEvent, Observe } from "../net/layers/exchange-event.ts";
import type { Exchange } from "../net/transport.ts";
import type { CallEvent, EventErrorCode, EventRequest } from "./call-event.ts";

/** Members of an event that its call adds. */
type Common = "call" | "operation" | "at";
/** `Omit` for each member of a union. */
type Without<Event> = Event extends unknown ? Omit<Event, Common> : never;
type EventBody = { readonly body?: string | Uint8Array };

/** What watching a call takes from its capability. */
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
  /** One a call: what it learns of credentials on the way does not outlive the call. */
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

  /** Returns the same exchange, whose events this is told of too. */
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

  /** Called when the call has ended, with its error where it has failed; only the first time counts. */
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
        return this.#withBody(
          { type: "body", request, bodyBytes: bytes, ...failed, timings },
          body,
          undefined,
        );
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
    const size = body === undefined ? 0 : isBodyStream(body) ? body.size : Buffer.byteLength(body);
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

/** Both together; what is computed stays so. */
function withMembers<First extends object, Second extends object>(
  first: First,
  second: Second,
): First & Second {
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
