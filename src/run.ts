import type { BindResolver } from "./binds/bind-resolver.ts";
import type { Operation } from "./capability/types.ts";
import { CapabilityError, type ResponseHeaders } from "./error/capability-error.ts";
import type { SecretMask } from "./error/mask-secrets.ts";
import type { SourceLocation } from "./error/source-location.ts";
import { extractOutputs, type OutputPlan, planOutputs } from "./outputs/extract-outputs.ts";
import { buildRequest, neededBinds } from "./request/build-request.ts";
import { checkInputs, type Inputs } from "./request/check-inputs.ts";
import type { HttpRequest } from "./request/http-request.ts";
import { planRequest, type RequestPlan } from "./request/plan-request.ts";
import { decodeResponse } from "./response/decode-response.ts";
import { type DecoderPlan, planDecoder } from "./response/plan-decoder.ts";
import { streamFormatOf } from "./response/stream-formats.ts";
import type { DecodedItem } from "./response/stream-items.ts";
import type { ExchangeLimits, HttpResponse, Transport } from "./transport/transport.ts";

/** Everything a run takes from outside the capability. */
export interface RunContext {
  readonly binds: BindResolver;
  readonly secrets: SecretMask;
  readonly transport: Transport;
  readonly limits: ExchangeLimits;
  /** Place of the time-out, where an overlay sets it. */
  readonly timeoutSource?: SourceLocation | undefined;
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
  | {
      readonly kind: "stream";
      readonly items: AsyncGenerator<StreamItem, void, undefined>;
      /** Ends the exchange before the first item is asked for; after that, `items.return` does. */
      cancel(): Promise<unknown>;
    };

/** The pipeline: inputs → request → response → value → outputs. */
export async function answerOperation(
  runnable: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<Answer> {
  const { operation, outputs: plan } = runnable;
  const request = await prepareOperation(runnable, inputs, context);
  // Before anything is sent: a decoder may lack its schema.
  const decode = await runnable.decoder();
  const response = await dispatch(runnable, request, context);
  const stream = streamFormatOf(operation, response);
  if (stream !== undefined) {
    const { streamItems } = await import("./response/stream-items.ts");
    const items = streamItems(operation, request, response, stream, context.limits);
    return {
      kind: "stream",
      items: extractItems(items, runnable, context),
      cancel: async () => response.chunks?.return?.(),
    };
  }
  const { chunks } = response;
  const whole =
    chunks === undefined ? response : { ...response, body: await collect(chunks, request, context) };
  const body = decodeResponse(operation, request, whole, decode);
  const outputs = extractOutputs(plan, body);
  return { kind: "value", result: { outputs, status: response.status, headers: response.headers, body } };
}

/**
 * The pipeline for callers that take one value.
 *
 * @throws CapabilityError `RESPONSE_INVALID` where the answer is a stream
 */
export async function runOperation(
  runnable: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<RunResult> {
  const answer = await answerOperation(runnable, inputs, context);
  if (answer.kind === "value") return answer.result;
  await answer.cancel();
  const { name, rawFormat } = runnable.operation;
  throw new CapabilityError("RESPONSE_INVALID", {
    message: `Cannot give the answer to "${name}" as one value: it is a stream of items, which stream() gives`,
    details: { operation: name, format: rawFormat },
  });
}

async function* extractItems(
  items: AsyncIterable<DecodedItem>,
  { operation, outputs }: RunnableOperation,
  { timeoutSource }: RunContext,
): AsyncGenerator<StreamItem, void, undefined> {
  try {
    for await (const { value, event, id } of items) {
      yield {
        outputs: extractOutputs(outputs, value),
        body: value,
        ...(event === undefined ? {} : { event }),
        ...(id === undefined ? {} : { id }),
      };
    }
  } catch (error) {
    throw ofOperation(error, operation, timeoutSource);
  }
}

/** The whole of a body that was sent like a stream and is none. */
async function collect(
  chunks: AsyncIterable<Uint8Array>,
  { url }: HttpRequest,
  { limits }: RunContext,
): Promise<Uint8Array> {
  const { collectChunks } = await import("./transport/collect-chunks.ts");
  return collectChunks(chunks, url, limits);
}

/** The first half of the pipeline: nothing is sent. */
export async function prepareOperation(
  { operation, request }: RunnableOperation,
  inputs: Inputs,
  { binds, secrets }: RunContext,
): Promise<HttpRequest> {
  const values = checkInputs(operation, inputs);
  const bindValues = await binds.resolve(neededBinds(request, values));
  return buildRequest(request, values, bindValues, secrets);
}

/** Sends a prepared request. */
export async function dispatch(
  { operation }: RunnableOperation,
  request: HttpRequest,
  { transport, limits, timeoutSource }: RunContext,
): Promise<HttpResponse> {
  try {
    return await transport(request, limits);
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
    source: code === "TIMEOUT" ? timeoutSource : undefined,
    cause,
  });
}
