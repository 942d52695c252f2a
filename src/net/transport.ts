import type { ResponseHeaders } from "../base/capability-error.ts";
import type { DecodeLimits } from "../base/decode-limits.ts";
import type { ConnectionRules } from "./connect/connection-rules.ts";
import type { EgressPolicy } from "./connect/egress/egress-policy.ts";
import type { ProxyServer } from "./connect/proxy/proxies.ts";
import type { HttpRequest } from "./http-request.ts";
import type { AttemptsReport } from "./layers/attempts-report.ts";
import type { CallDeadline } from "./layers/call-deadline.ts";
import type { Observe } from "./layers/exchange-event.ts";
import type { ExchangeMeter } from "./layers/exchange-meter.ts";

/** An answer as received: its content codings are undone, and nothing else is. */
export interface HttpResponse {
  /** Where it came from, where that is not the URL of the request: a redirect was followed. */
  readonly url?: string;
  readonly status: number;
  /** Reason phrase, or the standard one for the status. */
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The whole body; empty where it comes in {@link chunks}. */
  readonly body: Uint8Array;
  /**
   * The body piece by piece, where {@link ExchangeLimits.streams} asked for that. Whoever gets it reads it to its end, or
   * ends the exchange by its `return`, as `for await` does. It throws what a transport rejects with.
   */
  readonly chunks?: AsyncIterableIterator<Uint8Array>;
  /** How an answer that failed came about, where there is something to tell. */
  readonly report?: AttemptsReport;
}

/** What of an answer is there before its body. */
export type ResponseHead = Pick<HttpResponse, "status" | "headers">;

/** Who the client is in the TLS handshake, and whom it trusts there. */
export interface TlsIdentity {
  /** Tells identities apart: connections of one are not used for another. */
  readonly id: string;
  /** The client's certificate and key, in PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase?: string;
  /** In place of the authorities that Node trusts, in PEM. */
  readonly certificateAuthority?: string;
}

/** Where limits do not say how long a connection may take to open. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Bounds of one exchange, and on whose behalf it is. */
export interface ExchangeLimits {
  /**
   * Time from dispatch to the last byte, in milliseconds; `0` means no limit. Expiry rejects with `TIMEOUT`. Where the
   * body comes piece by piece: time from dispatch to the header, and from one piece to the next.
   */
  readonly timeoutMs: number;
  /**
   * Longest time of opening a connection: the look-up of the host, TCP and TLS; `0` means no limit. Expiry rejects with
   * `TIMEOUT`.
   *
   * @default 10_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /** When its clock began, by `performance.now()`, where that is not now: the request follows a redirect. */
  readonly startMs?: number;
  /** Longest body in bytes; more rejects with `RESPONSE_TOO_LARGE`. It does not hold for one that comes piece by piece. */
  readonly maxResponseBytes: number;
  /** Bounds of decoding the answer; a transport has no use for them. */
  readonly decoding?: DecodeLimits | undefined;
  /** Tells whether the body of an answer shall come piece by piece. A transport may give it whole nevertheless. */
  readonly streams?: (head: ResponseHead) => boolean;
  /** Ends the exchange with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Aborted when the capability is closed and waits for its calls no longer: what may wait for long ends then. */
  readonly closing?: AbortSignal | undefined;
  /** Whether the answer is to come from the API itself, and not from a cache or another's exchange. */
  readonly uncached?: boolean;
  /** For `https` alone; without one the client shows no certificate. */
  readonly tls?: TlsIdentity | undefined;
  /** Of the whole call, where it has one; its signal is that of {@link ExchangeLimits.signal}. */
  readonly deadline?: CallDeadline | undefined;
  /** Hosts that redirects may lead to; without them, that of the request alone. */
  readonly egress?: EgressPolicy | undefined;
  /** How connections are made, where that is not the usual way. */
  readonly connection?: ConnectionRules | undefined;
  /** What the request goes through: a transport that reads `connection` finds it. */
  readonly proxy?: ProxyServer | undefined;
  /** Told of what happens on the way; absent where nobody asks. */
  readonly observe?: Observe | undefined;
  /** Told of the connection and of the header, where the exchange is measured. */
  readonly meter?: ExchangeMeter | undefined;
}

/**
 * Sends a request and resolves with the answer, whatever its status. Redirects are not followed. Rejects with
 * CapabilityError `NETWORK`, `TIMEOUT`, `ABORTED` or `RESPONSE_TOO_LARGE`.
 */
export interface Transport {
  (request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse>;
  /**
   * Closes idle connections; running exchanges end first.
   *
   * @param isForced ends the running exchanges: nobody waits for them
   */
  close?(isForced?: boolean): Promise<void>;
  /** Whether nothing that it is given leaves this process, as of one that answers from a recording. */
  readonly staysHere?: boolean;
  /**
   * Called by each capability that uses the transport, with what replaces its secrets in a text by `***`: for transports
   * that keep what they see.
   */
  redactWith?(mask: (text: string) => string): void;
}
