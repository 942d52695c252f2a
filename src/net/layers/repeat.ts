import { setTimeout as pause } from "node:timers/promises";
import { changeError, isCapabilityError } from "../../base/capability-error.ts";
import type { HttpRequest } from "../http-request.ts";
import { joinSignals } from "../join-signals.ts";
import type { Exchange, HttpResponse, Send } from "../transport.ts";
import { exchangeAborted } from "../transport-error.ts";
import { type AttemptsReport, asksToWait, describeAttempts } from "./attempts-report.ts";
import type { Host } from "./hosts.ts";
import { isIdempotent } from "./idempotent.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type ServerWait, serverWait } from "./server-wait.ts";

/** How often the requests of an operation are sent, and when again. */
export interface AttemptOptions {
  /** Further attempts after the first. */
  readonly retries: number;
  /** Whether a request may be repeated whatever its method. */
  readonly idempotent: boolean;
  /** The header, in lower case, by which a server tells a repeated request from another one. */
  readonly keyHeader: string;
  /** Milliseconds since 1970: servers name moments. */
  readonly now: () => number;
  /** @default the system's */
  readonly clock?: AttemptClock;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Time, as a value. */
interface AttemptClock {
  /** In milliseconds from any moment on. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
}

/** The end of an attempt. */
export type Outcome = { readonly response: HttpResponse } | { readonly error: unknown };

/** A request that has failed once, and the means to send it again. */
interface FailedRequest {
  readonly next: Send;
  readonly request: HttpRequest;
  readonly exchange: Exchange;
  readonly host: Host;
  readonly options: AttemptOptions;
}

/** The request came too slowly, too many came, or a gateway's upstream is away. */
const TRANSIENT = new Set([408, 429, 502, 503, 504]);

/** Failures of a connection. An unknown name, a certificate, or an answer that is not HTTP is the same the next time. */
const TRANSIENT_REASONS = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  // The body breaks off.
  "HPE_INVALID_EOF_STATE",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Longest wait that an API may ask for in a call without a deadline. */
const LONGEST_WAIT_MS = 60_000;
/** Behind the moment that a server names, so that not all come at once. */
const LEAST_SPREAD_MS = 100;
const MOST_SPREAD_MS = 1_000;

const systemClock: AttemptClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
};

/**
 * Repeats a request that has failed, while that may help: its method or the API allows it, the failure may pass, and the
 * retries, the host's budget and the call's time suffice. Pauses double from 200 ms to at most 5 s, each cut to a random
 * part, so that many clients do not return at the same moment. A server that asks for a longer one gets it.
 *
 * @param first how the first attempt has ended
 * @returns the answer, whatever its status
 * @throws what the last attempt was rejected with
 */
export async function repeat(failed: FailedRequest, first: Outcome): Promise<HttpResponse> {
  const { next, request, exchange, options } = failed;
  const { deadline, observe, closing, paced } = exchange.watch;
  const { clock = systemClock } = options;
  let outcome = first;
  for (let made = 1; ; made++) {
    if (!mayPass(outcome)) return end(outcome, { made });
    deadline?.note(reasonText(outcome));
    const wait = waitOf(outcome, options);
    const plan = planPause(failed, wait, made);
    if ("ends" in plan) return end(outcome, { made, wait, ...plan.ends });
    observe?.({
      type: "retry",
      request,
      attempt: made + 1,
      attempts: options.retries + 1,
      pauseMs: plan.pauseMs,
      reason: reasonOf(outcome),
      header: wait?.header,
    });
    if ("response" in outcome) await outcome.response.chunks?.return?.();
    const { signal, release } = joinSignals(exchange.signal, closing, paced?.stop);
    try {
      await clock.sleep(plan.pauseMs, signal);
    } catch {
      throw exchangeAborted(request.url, signal);
    } finally {
      release();
    }
    const last = outcome;
    deadline?.begin(request.url);
    try {
      outcome = { response: await next(request, exchange) };
    } catch (error) {
      // The failure that opened it tells more.
      if (isCapabilityError(error, "CIRCUIT_OPEN")) {
        return end(last, { made, unretried: `the circuit breaker of ${hostName(failed)} is open` });
      }
      outcome = { error };
    }
  }
}

/** Returns the pause before the next attempt, or why no attempt follows. */
function planPause(
  failed: FailedRequest,
  wait: ServerWait | undefined,
  made: number,
): { readonly pauseMs: number } | { readonly ends: { readonly unretried?: string } } {
  const { request, exchange, host, options } = failed;
  const { clock = systemClock, random = Math.random } = options;
  if (made > options.retries || !mayBeRepeated(request, options)) return { ends: {} };
  const pauseMs =
    wait === undefined || wait.waitMs === 0
      ? random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (made - 1))
      : wait.waitMs + random() * Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, wait.waitMs / 10));
  const { deadline } = exchange.watch;
  if (deadline !== undefined && (wait?.waitMs ?? pauseMs) >= deadline.remainingMs) {
    const what = wait === undefined ? "the next pause takes" : `${asksToWait(wait.waitMs)},`;
    return { ends: { unretried: `${what} longer than its deadline of ${deadline.deadlineMs} ms allows` } };
  }
  if (deadline === undefined && wait !== undefined && wait.waitMs > LONGEST_WAIT_MS)
    return { ends: { unretried: `${asksToWait(wait.waitMs)}, longer than a call without a deadline waits` } };
  host.budget ??= new RetryBudget(clock.now);
  if (!host.budget.take(host.calls))
    return { ends: { unretried: `too many calls of ${hostName(failed)} were tried again lately` } };
  return { pauseMs };
}

/** Returns the outcome, with how it came about where that is worth telling. */
function end(
  outcome: Outcome,
  { made, wait, unretried }: { made: number; wait?: ServerWait | undefined; unretried?: string },
): HttpResponse {
  const isPlain = made === 1 && wait === undefined && unretried === undefined;
  const report: AttemptsReport = {
    ...(made > 1 ? { attempts: made } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait.waitMs }),
    ...(unretried === undefined ? {} : { unretried }),
  };
  if ("response" in outcome)
    return isPlain || outcome.response.status < 400 ? outcome.response : { ...outcome.response, report };
  const { error } = outcome;
  if (isPlain || !(isCapabilityError(error, "NETWORK") || isCapabilityError(error, "TIMEOUT"))) throw error;
  throw changeError<"NETWORK" | "TIMEOUT">(error, {
    message: `${error.message}${describeAttempts(report)}`,
    details: { ...error.details, ...report },
  });
}

function waitOf(outcome: Outcome, { now }: AttemptOptions): ServerWait | undefined {
  if (!("response" in outcome)) return undefined;
  return serverWait(outcome.response.status, outcome.response.headers, now());
}

function mayPass(outcome: Outcome): boolean {
  if ("response" in outcome) return TRANSIENT.has(outcome.response.status);
  return isTransient(outcome.error) && !isCapabilityError(outcome.error, "CIRCUIT_OPEN");
}

function mayBeRepeated({ method, headers }: HttpRequest, { idempotent, keyHeader }: AttemptOptions): boolean {
  return isIdempotent(method) || idempotent || Object.hasOwn(headers, keyHeader);
}

function reasonOf(outcome: Outcome): number | Error {
  return "response" in outcome ? outcome.response.status : (outcome.error as Error);
}

function reasonText(outcome: Outcome): string {
  const reason = reasonOf(outcome);
  return typeof reason === "number" ? `HTTP ${reason}` : reason.message;
}

function hostName({ host }: FailedRequest): string {
  return new URL(host.origin).host;
}

/** Tells whether a failure may pass by itself. */
export function isTransient(error: unknown): boolean {
  if (isCapabilityError(error, "HTTP_STATUS")) return TRANSIENT.has(error.details.status);
  if (isCapabilityError(error, "NETWORK")) return TRANSIENT_REASONS.has(error.details.reason);
  return isCapabilityError(error, "TIMEOUT") || isCapabilityError(error, "CIRCUIT_OPEN");
}
