import type { ResponseHeaders } from "../base/capability-error.ts";
import type { ConnectionRules } from "./connect/connection-rules.ts";
import type { ProxyServer } from "./connect/proxy/proxies.ts";
import type { HttpRequest } from "./http-request.ts";
import type { AttemptsReport } from "./layers/attempts-report.ts";
import type { CallDeadline } from "./layers/call-deadline.ts";
import type { CallTrace } from "./layers/call-trace.ts";
import type { Observe } from "./layers/exchange-event.ts";
import type { ExchangeMeter } from "./layers/exchange-meter.ts";

/** An answer as received: its content codings are undone, and nothing else is. */
export interface HttpResponse {
  /** Where it came from, where that is not the URL of the request: a redirect was followed. */
  readonly url?: string | undefined;
  readonly status: number;
  /** Reason phrase, or the standard one for the status. */
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The whole body; empty where it comes in {@link chunks}. */
  readonly body: Uint8Array;
  /**
   * The body piece by piece, where {@link Exchange.streams} asked for that. Its reader reads it to its end, or ends the
   * exchange by its `return`, as `for await` does. It throws what a transport rejects with.
   */
  readonly chunks?: AsyncIterableIterator<Uint8Array> | undefined;
  /**
   * How an answer that failed came about, where there is something to tell.
   *
   * @internal
   */
  readonly report?: AttemptsReport;
}

/** The part of an answer that comes before its body. */
export type ResponseHead = Pick<HttpResponse, "status" | "headers">;

/** The identity of the client in the TLS handshake, and the authorities that it trusts there. */
export interface TlsIdentity {
  /** Tells identities apart: connections of one are not used for another. */
  readonly id: string;
  /** The client's certificate and key, in PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase?: string | undefined;
  /** In place of the authorities that Node trusts, in PEM. */
  readonly certificateAuthority?: string | undefined;
}

/** Limits of one exchange. */
export interface Bounds {
  /**
   * Time from dispatch to the last byte, in milliseconds; `0` means no limit. Expiry rejects with `TIMEOUT`. Where the
   * body comes piece by piece: time from dispatch to the header, and from one piece to the next.
   */
  readonly timeoutMs: number;
  /**
   * Longest time of opening a connection: the look-up of the host, TCP and TLS; `0` means no limit. Expiry rejects with
   * `TIMEOUT`.
   */
  readonly connectTimeoutMs: number;
  /** Longest body in bytes; more rejects with `RESPONSE_TOO_LARGE`. It does not hold for one that comes piece by piece. */
  readonly maxResponseBytes: number;
  /** When its clock began, by `performance.now()`, if that is not now: the request follows a redirect. */
  readonly startMs: number | undefined;
}

/** How a connection is made. */
export interface ConnectPlan {
  /** For `https` alone; without one the client shows no certificate. */
  readonly tls: TlsIdentity | undefined;
  /** Rules that differ from the usual ones. */
  readonly rules: ConnectionRules | undefined;
  /**
   * The proxy that the request goes through, set by the wire that reads `rules`.
   *
   * @internal
   */
  readonly proxy: ProxyServer | undefined;
}

/** Connects as Node does. */
export const USUAL_CONNECT: ConnectPlan = Object.freeze({
  tls: undefined,
  rules: undefined,
  proxy: undefined,
});

/** The parts of a call that follow its exchanges. A transport hands it on as it is. */
export interface Watch {
  /**
   * Told of each event of the exchange.
   *
   * @internal
   */
  readonly observe: Observe | undefined;
  /**
   * Told of the connection and of the header, if the exchange is measured.
   *
   * @internal
   */
  readonly meter: ExchangeMeter | undefined;
  /**
   * Counts attempts, if the whole call has a deadline. Its signal is that of the exchange.
   *
   * @internal
   */
  readonly deadline: CallDeadline | undefined;
  /**
   * The place of the call in a trace, if it is traced.
   *
   * @internal
   */
  readonly trace: CallTrace | undefined;
  /**
   * Says when requests are sent, if the call belongs to others.
   *
   * @internal
   */
  readonly paced: Paced | undefined;
  /**
   * Aborted when the capability is closed and waits for its calls no longer: pauses and queues end then.
   *
   * @internal
   */
  readonly closing: AbortSignal | undefined;
}

/** One of several calls that share a pace. */
export interface Paced {
  /** Aborted when nothing is to begin any more: a request that waits is then not sent. */
  readonly stop: AbortSignal;
  /** Sends a request when it is its turn. */
  send(request: HttpRequest, exchange: Exchange, next: Send): Promise<HttpResponse>;
}

/** No listener, deadline or closing. */
export const UNWATCHED: Watch = Object.freeze({
  observe: undefined,
  meter: undefined,
  deadline: undefined,
  trace: undefined,
  paced: undefined,
  closing: undefined,
});

/** One exchange: what ends it, its limits, how it connects, and who follows it. */
export interface Exchange {
  /** Ends the exchange with `ABORTED`. */
  readonly signal: AbortSignal | undefined;
  readonly bounds: Bounds;
  /**
   * Tells whether the body of an answer comes piece by piece; `asReceived`: with its content codings. A transport may give
   * it whole nevertheless, or without them.
   */
  readonly streams: ((head: ResponseHead) => boolean | "asReceived") | undefined;
  readonly connect: ConnectPlan;
  readonly watch: Watch;
}

/** Sends a request and gives its answer. */
export type Send = (request: HttpRequest, exchange: Exchange) => Promise<HttpResponse>;

/** A step between a call and the wire: wraps the step behind it. */
export type Layer = (next: Send) => Send;

/**
 * Sends a request and resolves with the answer, whatever its status. Redirects are not followed. Rejects with
 * CapabilityError `NETWORK`, `TIMEOUT`, `ABORTED` or `RESPONSE_TOO_LARGE`.
 */
export interface Transport {
  (request: HttpRequest, exchange: Exchange): Promise<HttpResponse>;
  /**
   * Closes idle connections; running exchanges end first.
   *
   * @param isForced ends the running exchanges: no caller waits for them
   */
  close?(isForced?: boolean): Promise<void>;
  /**
   * Whether it keeps the bounds of an exchange by itself, its signal and its time-outs among them.
   *
   * @internal
   */
  readonly keepsBounds?: boolean;
  /** Whether nothing that it is given leaves this process, as of one that answers from a recording. */
  readonly staysHere?: boolean;
  /**
   * Called by each capability that uses the transport, with what replaces its secrets in a text by `***`: for transports
   * that keep what they see.
   */
  redactWith?(mask: (text: string) => string): void;
}
