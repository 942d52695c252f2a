import type { ErrorCode, ResponseHeaders } from "../base/capability-error.ts";
import type { ExchangeTimings } from "../net/layers/exchange-event.ts";

/** A request as events have it: as it is sent, with secrets masked. */
export interface EventRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body; 0 without one. */
  readonly bodyBytes: number;
  /**
   * The body: a text with secrets masked, or the bytes of what is no text. It is made when it is first read. Absent where
   * there is none, and where it is read while it is sent.
   */
  readonly body?: string | Uint8Array;
}

/** Why something failed: the code of a {@link CapabilityError}, or `FAULT` for any other error. */
export type EventErrorCode = ErrorCode | "FAULT";

/** What all events have. */
interface EventOfCall {
  /** Tells the calls of one capability apart: a number, counted from 1. */
  readonly call: number;
  /** Shortest reference of the operation that was called. */
  readonly operation: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

/** A request is about to go out: that of the call, a further try, a redirect, the answer to a challenge, or for a token. */
export interface AttemptEvent extends EventOfCall {
  readonly type: "attempt";
  readonly request: EventRequest;
}

/** A request was answered, whatever the status. */
export interface ResponseEvent extends EventOfCall {
  readonly type: "response";
  /** That of the attempt: the same object. */
  readonly request: EventRequest;
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** Bytes of the body, without content coding; absent where it comes piece by piece, which a `body` event ends. */
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
  /** What the host is given little of. */
  readonly reason: "rate" | "concurrency";
}

/** An answer points elsewhere, and is followed. */
export interface RedirectEvent extends EventOfCall {
  readonly type: "redirect";
  readonly status: number;
  readonly from: string;
  readonly to: string;
}

/** What a cache did for a request: answered it, had it confirmed, kept its answer, or had it wait for one like it. */
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
  /** Requests that went out, those of redirects and for tokens too. */
  readonly attempts: number;
  /** Of the last answer; absent where there was none. */
  readonly status?: number;
  /** Why the call failed; absent where it did not. */
  readonly error?: EventErrorCode;
}

/** What happens in a call, as `onEvent` is told. Events are frozen, and hold no secret that is known. */
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
