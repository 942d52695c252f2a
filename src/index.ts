// For programs that call capabilities.

export type { CacheOption } from "./cache-choice.ts";
export type {
  AttemptEvent,
  BodyEvent,
  CacheEvent,
  CallEvent,
  DoneEvent,
  EventErrorCode,
  EventRequest,
  FailureEvent,
  PageEvent,
  RedirectEvent,
  ResponseEvent,
  RetryEvent,
  TokenEvent,
  WaitEvent,
} from "./call-event.ts";
export type { InputDescription, OperationDescription } from "./capability/describe-operation.ts";
export type { OverlaidSetting } from "./capability/overlaid-settings.ts";
export type { CapabilityInfo } from "./capability/types.ts";
export { type CallOptions, Capability, type PagesOptions, type WaitOptions } from "./capability.ts";
export type { Authentication as AuthenticationDeclaration } from "./document/document-types.ts";
export {
  CapabilityError,
  type Diagnostic,
  type ErrorCode,
  type ErrorDetails,
  isCapabilityError,
  type RecordedDifference,
  type ResponseHeaders,
} from "./error/capability-error.ts";
export type { SourceLocation } from "./error/source-location.ts";
export { type OpenOptions, openCapability } from "./open-capability.ts";
export type {
  AuthenticationOverlay,
  CircuitBreakerOverlay,
  OperationOverlay,
  Overlay,
  Overlays,
} from "./overlays/overlays.ts";
export type { Pagination } from "./overlays/pagination.ts";
export type { Page } from "./pagination/page.ts";
export type { Inputs } from "./request/check-inputs.ts";
export type { RunResult, StreamItem } from "./run.ts";
export type { ExchangeTimings } from "./transport/exchange-event.ts";
export type { BodyStream, HttpRequest, RequestBody } from "./transport/http-request.ts";

// ---- For programs that bring their own parts. ----

export type { BindFunction, BindLookupOptions, BindSource, BindValue } from "./binds/bind-source.ts";
export type { BindVariable } from "./document/declared-binds.ts";
export {
  type CacheOptions,
  createResponseCache,
  type ResponseCache,
} from "./transport/cache/response-cache.ts";
export type {
  Cassette,
  Interaction,
  RecordedBody,
  RecordedRequest,
  RecordedResponse,
} from "./transport/cassette/cassette.ts";
export { createRecordingTransport, type RecordingOptions } from "./transport/cassette/recording.ts";
export { createReplayTransport } from "./transport/cassette/replay.ts";
export { lazyUndici as createUndiciTransport } from "./transport/lazy-undici.ts";
export { createMemoryTransport } from "./transport/memory.ts";
export type {
  ExchangeLimits,
  HttpResponse,
  ResponseHead,
  TlsIdentity,
  Transport,
} from "./transport/transport.ts";
