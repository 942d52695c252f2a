import type { Sessions } from "./authentication/sessions.ts";
import type { BindResolver } from "./binds/bind-resolver.ts";
import type { Operation } from "./capability/types.ts";
import { CapabilityError, type ResponseHeaders } from "./error/capability-error.ts";
import type { SecretMask } from "./error/mask-secrets.ts";
import type { SourceLocation } from "./error/source-location.ts";
import { extractOutputs, type OutputPlan, planOutputs } from "./outputs/extract-outputs.ts";
import { buildRequest, neededBinds, type PreparedRequest } from "./request/build-request.ts";
import { checkInputs, type Inputs } from "./request/check-inputs.ts";
import { planRequest, type RequestPlan } from "./request/plan-request.ts";
import { decodeResponse, requireDecoder } from "./response/decode-response.ts";
import type { ExchangeLimits, HttpResponse, Transport } from "./transport/transport.ts";

/** Everything a run takes from outside the capability. */
export interface RunContext {
  readonly binds: BindResolver;
  readonly secrets: SecretMask;
  readonly allowPlainHttp: boolean;
  readonly transport: Transport;
  readonly sessions: Pick<Sessions, "get">;
  readonly limits: ExchangeLimits;
  /** Place of the time-out, where an overlay sets it. */
  readonly timeoutSource?: SourceLocation | undefined;
}

/** An operation with its plans: compiled once, run many times. */
export interface RunnableOperation {
  readonly operation: Operation;
  readonly request: RequestPlan;
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
  return { operation, request: planRequest(operation, userAgent), outputs: await planOutputs(operation) };
}

/** The pipeline: inputs → request → response → value → outputs. */
export async function runOperation(
  runnable: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<RunResult> {
  requireDecoder(runnable.operation);
  const prepared = await prepareOperation(runnable, inputs, context);
  const response = await dispatch(runnable, prepared, context);
  const body = decodeResponse(runnable.operation, prepared.request, response);
  const outputs = extractOutputs(runnable.outputs, body);
  return { outputs, status: response.status, headers: response.headers, body };
}

/** The first half of the pipeline: nothing is sent. */
export async function prepareOperation(
  { operation, request }: RunnableOperation,
  inputs: Inputs,
  context: RunContext,
): Promise<PreparedRequest> {
  const values = checkInputs(operation, inputs);
  const bindValues = await context.binds.resolve(neededBinds(request, values));
  return buildRequest(request, values, bindValues, context);
}

/** Sends a prepared request, with the credential that it still needs. */
export async function dispatch(
  { operation }: RunnableOperation,
  { request, credential }: PreparedRequest,
  { transport, sessions, limits, timeoutSource }: RunContext,
): Promise<HttpResponse> {
  try {
    if (credential === undefined) return await transport(request, limits);
    const send = await sessions.get(credential);
    return await send(request, limits, transport);
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    const { code, message, details, cause } = error;
    throw new CapabilityError(code, {
      message: `${operation.name}: ${message}`,
      details: { ...details, operation: operation.name },
      source: code === "TIMEOUT" ? timeoutSource : undefined,
      cause,
    });
  }
}
