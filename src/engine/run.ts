import { CapabilityError, type ResponseHeaders } from "../base/capability-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import type { SourceLocation } from "../base/source-location.ts";
import type { Operation } from "../language/model/types.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { HttpResponse, Send } from "../net/transport.ts";
import type { Sessions } from "./authentication/sessions.ts";
import type { BindResolver } from "./binds/bind-resolver.ts";
import { extractOutputs, type OutputPlan, planOutputs } from "./outputs/extract-outputs.ts";
import { buildRequest, neededBinds, type PreparedRequest } from "./request/build-request.ts";
import { checkInputs, type Inputs } from "./request/check-inputs.ts";
import { addKey, type IdempotencyKey } from "./request/idempotency-key.ts";
import { planRequest, type RequestPlan } from "./request/plan-request.ts";
import { renderBaseUri } from "./request/render-base-uri.ts";
import { decodeResponse } from "./response/decode-response.ts";
import { type DecodeContext, type Decoder, type DecoderPlan, planDecoder } from "./response/plan-decoder.ts";
import { streamFormatOf } from "./response/stream-formats.ts";
import type { DecodedItem } from "./response/stream-items.ts";

/** Everything a run takes from outside the capability. */
export interface RunContext extends DecodeContext {
  readonly binds: BindResolver;
  readonly secrets: SecretMask;
  readonly allowPlainHttp: boolean;
  readonly send: Send;
  readonly sessions: Pick<Sessions, "get">;
  /** Place of the time-out, where an overlay sets it. */
  readonly timeoutSource?: SourceLocation | undefined;
  /** Of this call, where it has one. */
  readonly idempotencyKey?: IdempotencyKey | undefined;
}

/** An operation with its plans: compiled once, run many times. */
export interface RunnableOperation {
  readonly operation: Operation;
  readonly request: RequestPlan;
  readonly decoder: DecoderPlan;
  readonly outputs: OutputPlan;
}

/** What a run gives back. */
export interface RunResult {
  /** Where the answer came from, where a redirect was followed. */
  readonly url?: string;
  /** The outputs by name; the decoded body where the operation declares none. */
  readonly outputs: unknown;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
  /** The decoded body. */
  readonly body: unknown;
}

/** Compiles what every run of an operation shares. */
export async function planOperation(operation: Operation, userAgent: string): Promise<RunnableOperation> {
  return {
    operation,
    request: planRequest(operation, userAgent),
    decoder: planDecoder(operation),
    outputs: await planOutputs(operation),
  };
}

/** An item of an answer that is sent item by item. */
export interface StreamItem {
  /** The outputs by name; the item itself where the operation declares none. */
  readonly outputs: unknown;
  /** The item, decoded. */
  readonly body: unknown;
  /** Type and id of a server-sent event, where it has them. */
  readonly event?: string;
  readonly id?: string;
}

/** What an operation has answered: one value, or items that are still to come. */
export type Answer =
  | { readonly kind: "value"; readonly result: RunResult }
  /** Items as they arrive together. The first are to be asked for: that starts what ends the exchange. */
  | { readonly kind: "stream"; readonly items: AsyncGenerator<readonly StreamItem[], void, undefined> };

/**
 * The pipeline: inputs → request → response → value → outputs.
 *
 * @throws CapabilityError whatever a stage throws; `RESPONSE_INVALID` where the answer is a stream
 */
export async function runOperation(
  runnable: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<RunResult> {
  return runRequest(runnable, await prepareOperation(runnable, inputs, context), context);
}

/** The second half of the pipeline: a prepared request is sent. */
export async function runRequest(
  runnable: RunnableOperation,
  prepared: PreparedRequest,
  context: RunContext,
): Promise<RunResult> {
  const received = await receive(runnable, prepared, context);
  const { chunks } = received.response;
  if (chunks === undefined) return resultOf(runnable, received, context);
  const { name, rawFormat } = runnable.operation;
  if (streamFormatOf(runnable.operation, received.response) === undefined)
    return resultOf(runnable, await collect(runnable, chunks, received, context), context);
  await chunks.return?.();
  throw new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot give the answer to "${name}" as one value: it is a stream of items, which stream() gives`,
    details: { operation: name, format: rawFormat },
  });
}

/** The same pipeline for callers that also take a stream. */
export async function answerOperation(
  runnable: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<Answer> {
  const prepared = await prepareOperation(runnable, inputs, context);
  const received = await receive(runnable, prepared, context);
  const { request, response } = received;
  const stream = streamFormatOf(runnable.operation, response);
  if (stream !== undefined) {
    const { streamItems } = await import("./response/stream-items.ts");
    const items = streamItems(runnable.operation, request, response, stream, context.exchange.bounds);
    return { kind: "stream", items: extractItems(items, runnable, context) };
  }
  const { chunks } = response;
  const whole = chunks === undefined ? received : await collect(runnable, chunks, received, context);
  return { kind: "value", result: await resultOf(runnable, whole, context) };
}

/** A request, its answer, and what decodes that. */
interface Received {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly decode: Decoder;
}

async function receive(
  runnable: RunnableOperation,
  prepared: PreparedRequest,
  context: RunContext,
): Promise<Received> {
  // Before anything is sent: a decoder may lack its schema.
  const decoder = runnable.decoder();
  const decode = typeof decoder === "function" ? decoder : await decoder;
  return { request: prepared.request, decode, response: await dispatch(runnable, prepared, context) };
}

/** A promise where a thread of its own decodes the body. */
function resultOf(
  { operation, outputs }: RunnableOperation,
  { request, response, decode }: Received,
  context: RunContext,
): RunResult | Promise<RunResult> {
  const body = decodeResponse(operation, request, response, decode, context);
  return body instanceof Promise
    ? body.then(value => withOutputs(outputs, response, value))
    : withOutputs(outputs, response, body);
}

function withOutputs(outputs: OutputPlan, response: HttpResponse, body: unknown): RunResult {
  const { status, headers, url } = response;
  const result = { outputs: extractOutputs(outputs, body), status, headers, body };
  return url === undefined ? result : { url, ...result };
}

/** The exchange with the whole body, where that was sent like a stream and is none. */
async function collect(
  { operation }: RunnableOperation,
  chunks: AsyncIterable<Uint8Array>,
  received: Received,
  { exchange, timeoutSource }: RunContext,
): Promise<Received> {
  const { collectChunks } = await import("../net/wire/collect-chunks.ts");
  try {
    const body = await collectChunks(chunks, received.request.url, exchange.bounds);
    return { ...received, response: { ...received.response, body } };
  } catch (error) {
    throw ofOperation(error, operation, timeoutSource);
  }
}

async function* extractItems(
  items: AsyncIterable<readonly DecodedItem[]>,
  { operation, outputs }: RunnableOperation,
  { timeoutSource }: RunContext,
): AsyncGenerator<readonly StreamItem[], void, undefined> {
  try {
    for await (const decoded of items) {
      const extracted: StreamItem[] = [];
      for (const item of decoded) {
        try {
          extracted.push(extractItem(item, outputs));
        } catch (error) {
          if (extracted.length > 0) yield extracted;
          throw error;
        }
      }
      yield extracted;
    }
  } catch (error) {
    throw ofOperation(error, operation, timeoutSource);
  }
}

function extractItem({ value, source }: DecodedItem, plan: OutputPlan): StreamItem {
  const item = { outputs: extractOutputs(plan, value), body: value };
  const { event, id } = source;
  // Most items are no events, and there may be millions.
  if (event === undefined && id === undefined) return item;
  return { ...item, ...(event === undefined ? {} : { event }), ...(id === undefined ? {} : { id }) };
}

/** The first half of the pipeline: nothing is sent. */
export async function prepareOperation(
  { operation, request }: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<PreparedRequest> {
  const values = checkInputs(operation, inputs);
  const bindValues = await context.binds.resolve(neededBinds(request, values), context.exchange.signal);
  const prepared = buildRequest(request, values, bindValues, context);
  const { idempotencyKey } = context;
  return idempotencyKey === undefined ? prepared : addKey(prepared, idempotencyKey);
}

/** The base URI of a call: what its request never leaves. */
export async function baseUriOf(
  { operation, request }: RunnableOperation,
  inputs: Inputs,
  { binds }: RunContext,
): Promise<string> {
  const values = checkInputs(operation, inputs);
  const bindValues = await binds.resolve(neededBinds(request, values));
  return renderBaseUri(operation, { inputs: values, binds: bindValues });
}

/** Sends a prepared request, with the credential that it still needs. */
export async function dispatch(
  { operation }: RunnableOperation,
  { request, credential }: PreparedRequest,
  { send, sessions, exchange, timeoutSource }: RunContext,
): Promise<HttpResponse> {
  try {
    if (credential === undefined) return await send(request, exchange);
    const authenticated = await sessions.get(credential);
    return await authenticated(request, exchange, send);
  } catch (error) {
    throw ofOperation(error, operation, timeoutSource);
  }
}

/** What a transport has thrown, with the operation it was for. */
function ofOperation(
  error: unknown,
  { name }: Operation,
  timeoutSource: SourceLocation | undefined,
): unknown {
  if (!(error instanceof CapabilityError) || "operation" in error.details) return error;
  const { code, message, details, cause } = error;
  return new CapabilityError(code, {
    message: `${name}: ${message}`,
    details: { ...details, operation: name },
    // A time-out of another kind is not the one that is set there.
    source: code === "TIMEOUT" && !("reason" in details) ? timeoutSource : undefined,
    cause,
  });
}
