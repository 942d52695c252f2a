// For programs that call capabilities.

export {
  CapabilityError,
  type CapabilityErrorJson,
  type Diagnostic,
  type ErrorCode,
  type ErrorDetails,
  isCapabilityError,
  type RecordedDifference,
  type ResponseHeaders,
} from "./base/capability-error.ts";
export { stringify } from "./base/numbers/exact-json.ts";
export type { Remedy } from "./base/remedy.ts";
export type { SourceLocation } from "./base/source-location.ts";
export type { BatchOptions, BatchResult } from "./batch/batch-options.ts";
export type { CacheOption } from "./engine/cache-choice.ts";
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
} from "./engine/call-events.ts";
export type { CallOptions, PagesOptions, RunResult, WaitOptions } from "./engine/call-options.ts";
export type { OpenOptions } from "./engine/open-options.ts";
export type { StepFailure } from "./engine/orchestration/unit-answer.ts";
export type { Page } from "./engine/pagination/page.ts";
export type { BinaryValue, NamedContent } from "./engine/request/binary-value.ts";
export type { Inputs } from "./engine/request/check-inputs.ts";
export type { StreamItem } from "./engine/response/stream-items.ts";
export type { AuthenticationDeclaration } from "./language/document/document-types.ts";
export type { InputDescription, OperationDescription } from "./language/model/describe-operation.ts";
export type {
  OutputDescription,
  StepDescription,
  UnitDescription,
  UnitInputDescription,
} from "./language/model/exposed/describe-unit.ts";
export type { OverlaidSetting } from "./language/model/overlaid-settings.ts";
export type { CapabilityInfo } from "./language/model/types.ts";
export type {
  AuthenticationOverlay,
  CircuitBreakerOverlay,
  OperationOverlay,
  Overlay,
  Overlays,
} from "./language/overlays/overlays.ts";
export type { Pagination } from "./language/overlays/pagination.ts";
// All of it, since what is named one by one cannot be added to: https://github.com/microsoft/TypeScript/issues/12607
export type * from "./library/capabilities.ts";
export { Capability } from "./library/capability.ts";
export type { CapabilityTools, ToolCallOptions, ToolsOptions } from "./library/capability-tools.ts";
export { compileJsonPath } from "./library/compile-json-path.ts";
export { type Opened, openCapability } from "./library/open-capability.ts";
export type { AiSdkTool } from "./library/tool-shapes/ai-sdk.ts";
export type { AnthropicTool } from "./library/tool-shapes/anthropic.ts";
export type { OpenAiChatTool, OpenAiResponsesTool } from "./library/tool-shapes/openai.ts";
export type { ToolDefinition, ToolResult } from "./library/tool-shapes/tool-definition.ts";
export type { NoInputs, TypedCapability } from "./library/typed-capability.ts";
export type { BodyStream, HttpRequest, RequestBody } from "./net/http-request.ts";
export type { ExchangeTimings } from "./net/layers/exchange-event.ts";
export type { HostPause } from "./net/layers/pace.ts";
export type { ToolContent } from "./tools/tool.ts";

// ---- For programs that bring their own parts. ----

export type { BindFunction, BindLookupOptions, BindSource, BindValue } from "./engine/binds/bind-source.ts";
export type { BindVariable } from "./language/document/declared-binds.ts";
export {
  type CacheOptions,
  createResponseCache,
  type ResponseCache,
} from "./net/cache/response-cache.ts";
export type {
  Cassette,
  Interaction,
  RecordedBody,
  RecordedRequest,
  RecordedResponse,
} from "./net/cassette/cassette.ts";
export { createRecordingTransport, type RecordingOptions } from "./net/cassette/recording.ts";
export { createReplayTransport } from "./net/cassette/replay.ts";
export type { ConnectionRules } from "./net/connect/connection-rules.ts";
export type { Proxies, ProxyServer } from "./net/connect/proxy/proxies.ts";
export { createMemoryTransport } from "./net/memory.ts";
export type {
  Bounds,
  ConnectPlan,
  Exchange,
  HttpResponse,
  ResponseHead,
  TlsIdentity,
  Transport,
  Watch,
} from "./net/transport.ts";
export { createUndiciTransport } from "./net/wire/lazy-undici.ts";
