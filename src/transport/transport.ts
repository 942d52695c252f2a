import type { ResponseHeaders } from "../error/capability-error.ts";
import type { HttpRequest } from "./http-request.ts";

/** An answer as received: the body is complete, and not decoded. */
export interface HttpResponse {
  readonly status: number;
  /** Reason phrase, or the standard one for the status. */
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
}

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

/** Bounds of one exchange, and on whose behalf it is. */
export interface ExchangeLimits {
  /** Time from dispatch to the last byte, in milliseconds; `0` means no limit. Expiry rejects with `TIMEOUT`. */
  readonly timeoutMs: number;
  /** Longest body in bytes; more rejects with `RESPONSE_TOO_LARGE`. */
  readonly maxResponseBytes: number;
  /** Ends the exchange with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** For `https` alone; without one the client shows no certificate. */
  readonly tls?: TlsIdentity | undefined;
}

/**
 * Sends a request and resolves with the whole answer, whatever its status. Redirects are not followed. Rejects with
 * CapabilityError `NETWORK`, `TIMEOUT`, `ABORTED` or `RESPONSE_TOO_LARGE`.
 */
export interface Transport {
  (request: HttpRequest, limits: ExchangeLimits): Promise<HttpResponse>;
  /** Closes idle connections; running exchanges end first. */
  close?(): Promise<void>;
}
