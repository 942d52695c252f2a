import type { ReceivedBody } from "../base/body-text.ts";
import { CapabilityError, changeError, type ResponseHeaders } from "../base/capability-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import { onePiece } from "../base/one-piece.ts";
import type { SourceLocation } from "../base/source-location.ts";
import type { Operation } from "../language/model/types.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { HttpResponse, Send } from "../net/transport.ts";
import type { Sessions } from "./authentication/sessions.ts";
import type { BindResolver, BindValues } from "./binds/bind-resolver.ts";
import type { CallerFields } from "./binds/caller-fields.ts";
import type { RunResult } from "./call-options.ts";
import { extractOutputs, type OutputPlan, planOutputs } from "./outputs/extract-outputs.ts";
import type { Confirm, Permission } from "./policy/permission.ts";
import { buildRequest, neededBinds, type PreparedRequest } from "./request/build-request.ts";
import { checkInputs, type Inputs } from "./request/check-inputs.ts";
import { fillDefaults } from "./request/default-inputs.ts";
import { addKey, type IdempotencyKey } from "./request/idempotency-key.ts";
import { planChecks } from "./request/input-checks.ts";
import { planRequest, type RequestPlan } from "./request/plan-request.ts";
import { renderBaseUri } from "./request/render-base-uri.ts";
import { decodeResponse } from "./response/decode-response.ts";
import { type DecodeContext, type Decoder, type DecoderPlan, planDecoder } from "./response/plan-decoder.ts";
import { requireSuccess } from "./response/require-success.ts";
import { streamFormatOf } from "./response/stream-formats.ts";
import type { StreamItem } from "./response/stream-items.ts";

/** An operation, compiled once and called many times. */
export interface CallPlan {
  readonly operation: Operation;
  readonly request: RequestPlan;
  readonly decoder: DecoderPlan;
  readonly outputs: OutputPlan;
}

/** The form in which a reader wants an answer: one value, items as they arrive, or the body as received. */
export type AnswerForm = "value" | "items" | "bytes";

/** Everything that a call takes besides its plan and its inputs. */
export interface CallContext extends DecodeContext {
  readonly binds: BindResolver;
  readonly secrets: SecretMask;
  readonly allowPlainHttp: boolean;
  readonly send: Send;
  readonly sessions: Pick<Sessions, "get">;
  readonly form: AnswerForm;
  /** Place of the time-out in an overlay. */
  readonly timeoutSource: SourceLocation | undefined;
  readonly idempotencyKey: IdempotencyKey | undefined;
  /** URL of the request in place of the one that the inputs give: a page of a list is asked for by its own. */
  readonly url: string | undefined;
  /** What the policy says of the operation. `undefined`: nothing. */
  readonly permission: Permission | undefined;
  readonly confirm: Confirm | undefined;
  /** Fields of the request that a server answers with the call. */
  readonly callerFields: CallerFields | undefined;
}

/** The answer to a call: its head, and a value, or pieces that are read once. */
export type Answer = ValueAnswer | ItemsAnswer | BytesAnswer;

/** The answers that a form may have: one value also where items were wanted. */
export interface AnswerIn {
  readonly value: ValueAnswer;
  readonly items: ValueAnswer | ItemsAnswer;
  readonly bytes: BytesAnswer;
}

interface ValueAnswer extends AnswerHead {
  readonly kind: "value";
  readonly outputs: unknown;
  /** The decoded body. */
  readonly body: unknown;
  /** Size of the body as received, in bytes. */
  readonly size: number;
}

/** Each piece is the items that have arrived together. */
export interface ItemsAnswer extends AnswerHead, Pieces<readonly StreamItem[]> {
  readonly kind: "items";
}

export interface BytesAnswer extends AnswerHead, Pieces<Uint8Array> {
  readonly kind: "bytes";
  /** The whole body, where it has arrived. `pieces` gives it too. */
  readonly body: Uint8Array | undefined;
}

export interface AnswerHead {
  readonly request: HttpRequest;
  /** URL of the answer if a redirect was followed. */
  readonly url: string | undefined;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ResponseHeaders;
}

interface Pieces<Piece> {
  readonly pieces: AsyncIterableIterator<Piece>;
  /** Ends the exchange, also where no piece was asked for yet. */
  close(): Promise<unknown> | undefined;
}

/** Compiles what every call of an operation shares. */
export async function planCall(operation: Operation, userAgent: string): Promise<CallPlan> {
  return {
    operation,
    request: planRequest(operation, userAgent, await planChecks(operation)),
    decoder: planDecoder(operation),
    outputs: planOutputs(operation),
  };
}

/**
 * Calls an operation. This is the pipeline: inputs → request → response → answer.
 *
 * @throws CapabilityError with any code of a stage
 */
export async function call(plan: CallPlan, inputs: Inputs, context: CallContext): Promise<Answer> {
  const { permission, confirm } = context;
  if (permission !== undefined)
    await permission.require(inputs, confirm, () => checkInputs(plan.operation, inputs, plan.request.checks));
  const preparing = prepare(plan, inputs, context);
  const prepared = preparing instanceof Promise ? await preparing : preparing;
  // Before anything is sent: a decoder may lack its schema.
  const decoder = context.form === "bytes" ? undecoded : plan.decoder();
  const decode = typeof decoder === "function" ? decoder : await decoder;
  let response: HttpResponse;
  try {
    response = await sendPrepared(prepared, context);
  } catch (error) {
    throw ofOperation(error, plan.operation, context);
  }
  return answer(plan, prepared.request, response, decode, context);
}

/** Builds the request of a call. Sends nothing. A promise if variables are looked up. */
export function prepare(
  { operation, request: plan }: CallPlan,
  inputs: Inputs,
  context: CallContext,
): PreparedRequest | Promise<PreparedRequest> {
  const { url, idempotencyKey } = context;
  const caller = plan.isOfCaller ? context.callerFields : undefined;
  const values = checkInputs(operation, inputs, plan.checks);
  const build = (binds: BindValues): PreparedRequest => {
    const building = caller === undefined ? context : { ...context, secrets: caller.mask };
    const prepared = addKey(buildRequest(plan, values, binds, building), idempotencyKey);
    return url === undefined ? prepared : { ...prepared, request: { ...prepared.request, url } };
  };
  const binds = context.binds.resolve(neededBinds(plan, values), context.exchange.signal, caller);
  return binds instanceof Promise ? binds.then(build) : build(binds);
}

/** Gives the base URI of a call with these inputs. */
export async function baseUriOf(
  { operation, request: plan }: CallPlan,
  inputs: Inputs,
  { binds, callerFields }: Pick<CallContext, "binds" | "callerFields">,
): Promise<string> {
  const values = checkInputs(operation, inputs, plan.checks);
  const bindValues = await binds.resolve(neededBinds(plan, values), undefined, callerFields);
  return renderBaseUri(operation, { inputs: fillDefaults(plan, values, bindValues), binds: bindValues });
}

/** Sends a prepared request, with the credential that only sending adds. */
function sendPrepared(
  { request, credential }: PreparedRequest,
  { send, exchange, sessions }: CallContext,
): Promise<HttpResponse> {
  if (credential === undefined) return send(request, exchange);
  return sessions.get(credential).then(session => session(request, exchange, send));
}

/** Reads a response in the form of the context. A promise if that takes time. */
function answer(
  plan: CallPlan,
  request: HttpRequest,
  response: HttpResponse,
  decode: Decoder,
  context: CallContext,
): Answer | Promise<Answer> {
  const { operation, outputs } = plan;
  const { chunks, url, status, headers } = response;
  const head = { request, url, status, headers };
  if (context.form === "bytes") {
    requireSuccess(operation, request, response, context.decoding);
    const body = chunks === undefined ? response.body : undefined;
    return { kind: "bytes", ...head, body, pieces: chunks ?? onePiece(response.body), close: () => chunks?.return?.() };
  }
  const isStreamed = chunks !== undefined || context.form === "items";
  const stream = isStreamed ? streamFormatOf(operation, response) : undefined;
  if (stream !== undefined)
    return context.form === "value"
      ? refuseStream(operation, chunks)
      : answerItems(plan, response, stream, head, context);
  if (chunks !== undefined)
    return collect(plan, request, chunks, context).then(body =>
      answer(plan, request, { ...response, chunks: undefined, body }, decode, context),
    );
  const valueAnswer = (body: unknown): Answer => ({
    kind: "value",
    ...head,
    outputs: extractOutputs(outputs, body),
    body,
    size: response.body.length,
  });
  const body = decodeResponse(operation, request, response, decode, context);
  return body instanceof Promise ? body.then(valueAnswer) : valueAnswer(body);
}

async function refuseStream({ name, rawFormat }: Operation, chunks: HttpResponse["chunks"]): Promise<never> {
  await chunks?.return?.();
  throw new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot give the answer to "${name}" as one value: it is a stream of items, which stream() gives`,
    details: { operation: name, format: rawFormat },
  });
}

async function answerItems(
  { operation, outputs }: CallPlan,
  response: HttpResponse,
  format: NonNullable<ReturnType<typeof streamFormatOf>>,
  head: AnswerHead,
  context: CallContext,
): Promise<Answer> {
  const { streamItems } = await import("./response/stream-items.ts");
  const explain = (error: unknown) => ofOperation(error, operation, context);
  const { maxResponseBytes } = context.exchange.bounds;
  const source = {
    operation,
    request: head.request,
    response,
    format,
    maxResponseBytes,
    decoding: context.decoding,
    explain,
  };
  const pieces = streamItems(source, value => extractOutputs(outputs, value));
  return { kind: "items", ...head, pieces, close: () => response.chunks?.return?.() };
}

/** Collects a body that came piece by piece and is one value. */
async function collect(
  { operation }: CallPlan,
  request: HttpRequest,
  chunks: AsyncIterable<Uint8Array>,
  context: CallContext,
): Promise<Uint8Array> {
  const { collectChunks } = await import("../net/wire/collect-chunks.ts");
  try {
    return await collectChunks(chunks, request.url, context.exchange.bounds);
  } catch (error) {
    throw ofOperation(error, operation, context);
  }
}

function undecoded({ bytes }: ReceivedBody): unknown {
  return bytes;
}

/** Adds the operation to the error of a transport. */
function ofOperation(error: unknown, { name }: Operation, { timeoutSource }: CallContext): unknown {
  if (!(error instanceof CapabilityError) || "operation" in error.details) return error;
  const { code, message, details, source } = error;
  return changeError(error, {
    message: `${name}: ${message}`,
    details: { ...details, operation: name },
    // A time-out of another kind is not the one that is set there.
    source: code === "TIMEOUT" && !("reason" in details) ? timeoutSource : source,
  });
}

/** Gives the result that callers see of an answer: its `url` only if a redirect was followed. */
export function resultOf({ url, outputs, status, headers, body }: ValueAnswer): RunResult {
  const result = { outputs, status, headers, body };
  return url === undefined ? result : { url, ...result };
}
