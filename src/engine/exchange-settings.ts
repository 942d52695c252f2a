import type { DecodeLimits } from "../base/decode-limits.ts";
import type { SourceLocation } from "../base/source-location.ts";
import type { Operation } from "../language/model/types.ts";
import type { HostOverlay } from "../language/overlays/overlays.ts";
import { BREAKER_DEFAULTS, capabilityRows, operationRows } from "../language/overlays/sending-settings.ts";
import type { ResponseCache } from "../net/cache/response-cache.ts";
import type { ConnectionRules } from "../net/connect/connection-rules.ts";
import type { EgressPolicy } from "../net/connect/egress/egress-policy.ts";
import type { HttpRequest } from "../net/http-request.ts";
import { type LayerPlan, sendThrough } from "../net/layer.ts";
import type { Observe } from "../net/layers/exchange-event.ts";
import type { GateOptions } from "../net/layers/gate.ts";
import { isSafeMethod } from "../net/layers/safe-method.ts";
import { type Exchange, type Send, UNWATCHED, USUAL_CONNECT } from "../net/transport.ts";
import type { Wire } from "../net/wire.ts";
import type { Sharing } from "../sharing/sharing.ts";
import type { CacheChoice } from "./cache-choice.ts";
import type { OpenSettings } from "./open-options.ts";
import { effectiveSettings } from "./open-settings.ts";
import { isStream } from "./response/stream-formats.ts";
import type { Opening } from "./surroundings.ts";
import { urlsForTraces } from "./traced-url.ts";

/** Parts of sending that all operations of a capability share. */
export interface SharedSending {
  readonly opening: Pick<Opening, "options" | "settings" | "surroundings">;
  /** As in `RedirectOptions`. */
  readonly holdsSecret: ((request: HttpRequest) => boolean) | undefined;
  readonly cache: CacheChoice | undefined;
  readonly egress: EgressPolicy | undefined;
  readonly connection: ConnectionRules | undefined;
  /** Whether `observe` is told of each request and its answer, and not only of what happens in between. */
  readonly isObserved: boolean;
  readonly observe: Observe | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The way that the requests of one operation are sent. */
export interface ExchangeSettings {
  readonly send: Send;
  /** Sends to the API itself: no answer comes from a cache or from another call's exchange. */
  readonly sendUncached: Send;
  readonly exchange: Exchange;
  readonly decoding: DecodeLimits;
  /** Place of the time-out, where an overlay sets it. */
  readonly timeoutSource: SourceLocation | undefined;
  /** Longest time of a whole call; `0` means no limit. */
  readonly deadlineMs: number;
  /** The header that tells a repeated request from another one, in lower case. */
  readonly keyHeader: string;
  /** Whether a call that is not idempotent gets a key of its own. */
  readonly hasKey: boolean;
}

/** draft-ietf-httpapi-idempotency-key-header */
const IDEMPOTENCY_KEY = "idempotency-key";

/** Returns how the requests of an operation are sent. */
export async function exchangeSettings(
  operation: Operation,
  shared: SharedSending,
  wire: Wire,
): Promise<ExchangeSettings> {
  const { sending = {} } = operation;
  const settings = effectiveSettings(shared.opening, operation.sending);
  const { deadlineMs, maxResponseValues: maxValues, maxDecodeMs } = settings;
  const key = sending.idempotencyKey?.value ?? operationRows.idempotencyKey.default;
  const keyHeader = typeof key === "string" ? key.toLowerCase() : IDEMPOTENCY_KEY;
  const plan = layersOf(operation, shared, settings, keyHeader);
  const send = await sendThrough(plan, wire);
  // A method that changes something takes away what is kept of its URL, whether or not the call asks the cache.
  const isSame = plan.cache === undefined || !isSafeMethod(operation.method);
  return {
    send,
    sendUncached: isSame ? send : await sendThrough({ ...plan, cache: undefined }, wire),
    exchange: { ...plainExchange(settings, shared), streams: isStream },
    decoding: { maxValues, maxDecodeMs, numbers: shared.opening.surroundings.numbers ?? settings.largeIntegers },
    timeoutSource: shared.opening.options.timeoutMs === undefined ? sending.timeoutMs?.origin.source : undefined,
    deadlineMs,
    keyHeader,
    hasKey: key !== false,
  };
}

/** Returns how requests are passed on to an API: each is sent once, and its answer is given as it comes. */
export async function forwardSettings(
  operation: Operation,
  shared: SharedSending,
  wire: Wire,
): Promise<ExchangeSettings> {
  const usual = await exchangeSettings(operation, shared, wire);
  const plan = layersOf(operation, shared, effectiveSettings(shared.opening, operation.sending), usual.keyHeader);
  const send = await sendThrough({ ...plan, attempts: undefined, redirects: undefined, cache: undefined }, wire);
  return { ...usual, send, sendUncached: send, exchange: { ...usual.exchange, streams: () => "asReceived" } };
}

function layersOf(
  operation: Operation,
  { opening, cache, egress, holdsSecret, isObserved, now }: SharedSending,
  { retries, maxRedirects }: OpenSettings,
  keyHeader: string,
): LayerPlan {
  const { sending = {} } = operation;
  const { telemetry, secrets } = opening.surroundings;
  return {
    attempts: {
      retries,
      idempotent: sending.idempotent?.value ?? operationRows.idempotent.default,
      keyHeader,
      now,
    },
    redirects: maxRedirects === 0 ? undefined : { maxRedirects, egress, holdsSecret },
    egress,
    cache: cacheOf(cache, sending.cache?.value),
    gate: gateOf(operation, sending, opening.surroundings.sharing),
    trace: telemetry?.isOn ? { telemetry, shownUrl: urlsForTraces(operation, secrets) } : undefined,
    isObserved,
  };
}

/** Returns what sends requests that no single call owns, such as that for a token. */
export function plainSend({ egress, isObserved }: SharedSending, wire: Wire): Promise<Send> {
  const none = { attempts: undefined, redirects: undefined, cache: undefined, gate: undefined, trace: undefined };
  return sendThrough({ ...none, egress, isObserved }, wire);
}

/** Returns an exchange that no single call owns, such as that of a token. */
export function plainExchange(
  { timeoutMs, connectTimeoutMs, maxResponseBytes }: OpenSettings,
  { observe, connection }: SharedSending,
): Exchange {
  return {
    signal: undefined,
    bounds: { timeoutMs, connectTimeoutMs, maxResponseBytes, startMs: undefined },
    streams: undefined,
    connect: connection === undefined ? USUAL_CONNECT : { ...USUAL_CONNECT, rules: connection },
    watch: observe === undefined ? UNWATCHED : { ...UNWATCHED, observe },
  };
}

/** Returns the cache of an operation: an option says where answers are kept, an overlay for which operations. */
function cacheOf(choice: CacheChoice | undefined, isWanted: boolean | undefined): ResponseCache | undefined {
  return choice !== undefined && (isWanted ?? choice.isOn) ? choice.cache : undefined;
}

/** Returns the limits that overlays set for requests to a host. */
function gateOf(
  lane: Operation,
  { requestsPerSecond, concurrency, circuitBreaker }: Pick<NonNullable<Operation["sending"]>, keyof HostOverlay>,
  sharing: Sharing | undefined,
): GateOptions | undefined {
  const breaker = circuitBreaker?.value ?? capabilityRows.circuitBreaker.default;
  if (requestsPerSecond === undefined && concurrency === undefined && breaker === false) return undefined;
  const limits = {
    requestsPerSecond: requestsPerSecond?.value,
    concurrency: concurrency?.value,
    circuitBreaker: breaker === false ? undefined : { ...BREAKER_DEFAULTS, ...(breaker === true ? {} : breaker) },
  };
  return { limits, lane, sharing };
}
