import type { ResponseHeaders } from "../../base/capability-error.ts";
import type { HttpRequest } from "../http-request.ts";

/** How long the parts of an exchange took, in milliseconds. A part that did not take place, or cannot be told, is absent. */
export interface ExchangeTimings {
  /** Whether the exchange took a connection that was open. The next three are absent then. */
  readonly reused?: boolean;
  /** Looking the host name up. */
  readonly dnsMs?: number;
  /** Opening the connection, without the look-up and without TLS. */
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From dispatch to the header of the answer, everything above included. */
  readonly firstByteMs?: number;
  /** From dispatch to the last byte, or to the failure; of a body that comes piece by piece, to the header. */
  readonly totalMs: number;
}

/** An event between a call and its answer. URLs, headers and bodies are as sent: callers that show them mask secrets. */
export type ExchangeEvent =
  /** A request is about to go out: a first or further try, a redirect, the answer to a challenge. */
  | { readonly type: "attempt"; readonly request: HttpRequest }
  /** The answer to the last attempt. */
  | {
      readonly type: "response";
      readonly request: HttpRequest;
      readonly status: number;
      readonly statusText: string;
      readonly headers: ResponseHeaders;
      /** Absent where it comes piece by piece. */
      readonly body: Uint8Array | undefined;
      readonly timings: ExchangeTimings;
    }
  /** The body of an answer that came piece by piece has ended. */
  | {
      readonly type: "body";
      readonly request: HttpRequest;
      readonly bytes: number;
      /** The body, if it was short enough to be kept. */
      readonly body: Uint8Array | undefined;
      /** Why it broke off. */
      readonly error: Error | undefined;
      readonly timings: ExchangeTimings;
    }
  /** The last attempt got no answer. */
  | {
      readonly type: "failure";
      readonly request: HttpRequest;
      readonly error: Error;
      readonly timings: ExchangeTimings;
    }
  /** The request is sent again after a pause. */
  | {
      readonly type: "retry";
      readonly request: HttpRequest;
      /** The number of the attempt that follows: 2 and up. */
      readonly attempt: number;
      /** How many there may be in all. */
      readonly attempts: number;
      readonly pauseMs: number;
      /** Why: the status of the answer, or the error. */
      readonly reason: number | Error;
      /** The header that says how long to wait, where one does. */
      readonly header: string | undefined;
    }
  /** The request waits for its turn: for the rate or the concurrency that its host is given. */
  | { readonly type: "wait"; readonly host: string; readonly reason: "rate" | "concurrency" }
  /** The answer points elsewhere, and is followed. */
  | { readonly type: "redirect"; readonly status: number; readonly from: string; readonly to: string }
  /** A cache did something for the request. */
  | {
      readonly type: "cache";
      readonly request: HttpRequest;
      readonly result: "hit" | "revalidated" | "stored" | "shared";
    }
  /** An authorization server has given a token. */
  | {
      readonly type: "token";
      readonly endpoint: string;
      readonly grant: string;
      readonly durationMs: number;
    };

/** Told of events as they happen. It does not throw. */
export type Observe = (event: ExchangeEvent) => void;
