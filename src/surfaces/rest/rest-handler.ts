import type { FastifyReply, FastifyRequest } from "fastify";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import type { UnitAnswer } from "../../engine/orchestration/unit-answer.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { RestAdapter, RestOperation } from "../../language/model/exposed/types.ts";
import { callerFieldsOf, varyByCaller } from "../../serving/caller-fields-of.ts";
import { followRequest } from "../../serving/follow-request.ts";
import { goneSignal } from "../../serving/gone-signal.ts";
import { withoutKey } from "../../serving/inbound/without-key.ts";
import type { Handle } from "../../serving/listener.ts";
import { pathProblem } from "../../serving/path-problem.ts";
import { Refusal } from "../../serving/refusal.ts";
import { refusalOf } from "../../serving/refusal-of.ts";
import { sendBytes, sendText } from "../../serving/send-answer.ts";
import type { ServedRequest } from "../../telemetry/served-request.ts";
import { describeAdapter } from "./description.ts";
import { passOn } from "./pass-on.ts";
import { compileInputs, type InputsReader } from "./read-inputs.ts";
import type { RestSettings } from "./rest-settings.ts";
import { createRouteTable, type Route, type RouteMatch, type RouteTable } from "./route-table.ts";

/** Serves the routes of a REST adapter (language chapter 7.2). */
export function createRestHandler(
  adapter: RestAdapter,
  runtime: Runtime,
  settings: RestSettings,
): { readonly handle: Handle } {
  let table: RouteTable | undefined;
  const description = describeAdapter(adapter, runtime);
  const readers = new Map<RestOperation, InputsReader>();

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
    operation: RestOperation,
    match: RouteMatch,
    search: string,
    request: FastifyRequest,
    reply: FastifyReply,
    served: ServedRequest | undefined,
  ): Promise<void> => {
    let inputs: Readonly<Record<string, unknown>> = {};
    const callerFields = callerFieldsOf(request.raw);
    try {
      const reading = readerOf(operation, match.route)(match, request.raw, search);
      inputs = reading instanceof Promise ? await reading : reading;
      const options = {
        signal: goneSignal(request.raw),
        span: served?.span,
        callerFields,
      };
      const answer = await runtime.callUnit(operation, inputs, options, { form: "reply" });
      varyByCaller(reply.raw, callerFields);
      await give(answer, request, reply);
    } catch (error) {
      if (reply.raw.destroyed) return;
      if (error instanceof CapabilityError) served?.failed(error.code);
      const refusal = refusalOf(error, operation.inputs, inputs);
      // The operator alone can mend these.
      if (refusal.status === 500 || isCapabilityError(error, "SCRIPT_FAILED")) settings.report(error);
      throw refusal;
    }
  };

  return {
    handle(request, reply, target) {
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
      if (operation !== undefined) return call(operation, match, search, request, reply, served);
      const passed = withoutKey(search, adapter.authentication);
      return passOn({ resource, path, search: passed, runtime, settings, span: served?.span }, request, reply);
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

async function give(answer: UnitAnswer, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (answer.kind === "value") {
    const { status, value, isEmpty, failures } = answer;
    // The result lacks what these steps would have given.
    if (failures.length > 0)
      reply.raw.setHeader("naftiko-incomplete", failures.map(({ step }) => encodeURIComponent(step)).join(", "));
    if (isEmpty) sendText(request, reply, status === 200 ? 204 : status, undefined, "");
    else sendText(request, reply, status, "application/json", stringify(value) ?? "null");
    return;
  }
  await sendBytes(request, reply, answer);
}
