import type { FastifyReply, FastifyRequest } from "fastify";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import type { CallerFields } from "../../engine/binds/caller-fields.ts";
import type { UnitAnswer } from "../../engine/orchestration/unit-answer.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { RestAdapter, RestOperation } from "../../language/model/exposed/types.ts";
import { callerFieldsOf, varyByCaller } from "../../serving/caller-fields-of.ts";
import { followRequest } from "../../serving/follow-request.ts";
import { goneSignal } from "../../serving/gone-signal.ts";
import { answerOnce } from "../../serving/idempotency/answer-once.ts";
import { idempotencyKeyOf } from "../../serving/idempotency/idempotency-key.ts";
import type { Caller } from "../../serving/inbound/guard.ts";
import { withoutKey } from "../../serving/inbound/without-key.ts";
import type { Handle } from "../../serving/listener.ts";
import { pathProblem } from "../../serving/path-problem.ts";
import { Refusal } from "../../serving/refusal.ts";
import { refusalOf } from "../../serving/refusal-of.ts";
import { hasBody, readBody } from "../../serving/request-body.ts";
import type { ServedRequest } from "../../telemetry/served-request.ts";
import { describeAdapter } from "./description.ts";
import { giveAnswer, giveWhole, wholeAnswer } from "./give-answer.ts";
import type { Keyed } from "./keyed.ts";
import { passOn } from "./pass-on.ts";
import { compileInputs, type InputsReader } from "./read-inputs.ts";
import type { RestSettings } from "./rest-settings.ts";
import { createRouteTable, type Route, type RouteMatch, type RouteTable } from "./route-table.ts";

/** A request for an operation. */
interface Asked {
  readonly operation: RestOperation;
  readonly match: RouteMatch;
  readonly search: string;
  readonly served: ServedRequest | undefined;
}

/** How a request is answered. */
interface Answering {
  /** Ends the calls. */
  readonly signal: AbortSignal | undefined;
  /** The whole body, where it has been read. */
  readonly body: Buffer | undefined;
  readonly give: (answer: UnitAnswer, callerFields: CallerFields) => Promise<void>;
}

/** Serves the routes of a REST adapter (language chapter 7.2). */
export function createRestHandler(
  adapter: RestAdapter,
  runtime: Runtime,
  settings: RestSettings,
): { readonly handle: (...given: [...Parameters<Handle>, caller: Caller]) => void | Promise<void> } {
  let table: RouteTable | undefined;
  const description = describeAdapter(adapter, runtime);
  const readers = new Map<RestOperation, InputsReader>();
  const ledger = settings.ledger.within(adapter.namespace);

  const openTable = (): RouteTable => {
    try {
      return createRouteTable(adapter);
    } catch (error) {
      settings.report(error);
      throw error;
    }
  };

  const readerOf = (operation: RestOperation, { placeholders }: Route): InputsReader => {
    let reader = readers.get(operation);
    if (reader === undefined) {
      reader = compileInputs(operation, placeholders, settings.maxBodyBytes);
      readers.set(operation, reader);
    }
    return reader;
  };

  const call = async (
    { operation, match, search, served }: Asked,
    request: FastifyRequest,
    reply: FastifyReply,
    { signal, body, give }: Answering,
  ): Promise<void> => {
    let inputs: Readonly<Record<string, unknown>> = {};
    const callerFields = callerFieldsOf(request.raw);
    try {
      const reading = readerOf(operation, match.route)(match, request.raw, search, body);
      inputs = reading instanceof Promise ? await reading : reading;
      const options = { signal, span: served?.span, callerFields };
      const answer = await runtime.callUnit(operation, inputs, options, { form: "reply" });
      varyByCaller(reply.raw, callerFields);
      await give(answer, callerFields);
    } catch (error) {
      if (reply.raw.destroyed) return;
      if (error instanceof CapabilityError) served?.failed(error.code);
      const refusal = refusalOf(error, operation.inputs, inputs);
      // The operator alone can mend these.
      if (refusal.status === 500 || isCapabilityError(error, "SCRIPT_FAILED")) settings.report(error);
      throw refusal;
    }
  };

  /** Answers a request whose caller gives it a key. Its calls go on when the caller goes: their answer is asked for again. */
  const callOnce = async (
    asked: Asked,
    { key, caller, target }: Keyed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const { raw } = request;
    const body = hasBody(raw) ? await readBody(raw, settings.maxBodyBytes) : Buffer.alloc(0);
    await answerOnce(
      { ledger, key, caller, target, body },
      raw,
      keep =>
        call(asked, request, reply, {
          signal: undefined,
          body,
          async give(answer, fields) {
            const whole = await wholeAnswer(answer);
            await keep(whole.status, "kind" in whole ? undefined : whole, fields);
            if ("kind" in whole) await giveAnswer(whole, request, reply);
            else giveWhole(whole, request, reply);
          },
        }),
      answer => {
        reply.raw.setHeader("idempotent-replayed", "true");
        giveWhole(answer, request, reply);
      },
    );
  };

  return {
    handle(request, reply, target, caller) {
      const served = followRequest("rest", runtime, request, reply);
      const end = target.indexOf("?");
      const path = end < 0 ? target : target.slice(0, end);
      const search = end < 0 ? "" : target.slice(end + 1);
      const problem = pathProblem(path);
      if (problem !== undefined) throw new Refusal(400, problem);
      table ??= openTable();
      const match = table.find(request.method, path);
      if (match === undefined) {
        const methods = table.methods(path);
        return (
          (methods.length === 0 ? description.answer(path, request, reply) : undefined) ??
          refuseMethod(methods, request, reply)
        );
      }
      const { operation, resource } = match.route;
      served?.found({
        route: resource.path,
        reference: operation?.reference ?? `${adapter.namespace}${resource.path}`,
      });
      const key = idempotencyKeyOf(request.raw);
      const keyed = key === undefined ? undefined : { key, caller: caller.id, target };
      if (operation !== undefined) {
        const asked = { operation, match, search, served };
        if (keyed !== undefined) return callOnce(asked, keyed, request, reply);
        return call(asked, request, reply, {
          signal: goneSignal(request.raw),
          body: undefined,
          give: answer => giveAnswer(answer, request, reply),
        });
      }
      const passed = withoutKey(search, adapter.authentication);
      const { span } = served ?? {};
      return passOn({ resource, path, search: passed, runtime, settings, span, ledger, keyed }, request, reply);
    },
  };
}

/** Answers a request that no route takes. */
function refuseMethod(methods: readonly string[], { method }: FastifyRequest, reply: FastifyReply): void {
  if (methods.length === 0) throw new Refusal(404, "There is no such route");
  const allowed = new Set(methods);
  if (allowed.has("GET")) allowed.add("HEAD");
  const allow = [...allowed, "OPTIONS"].join(", ");
  if (method !== "OPTIONS") throw new Refusal(405, `The route takes ${allow}`, { allow });
  reply.hijack();
  reply.raw.writeHead(204, { allow }).end();
}
