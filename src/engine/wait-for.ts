import { withDefaults } from "../base/option-row.ts";
import { tellListener } from "../base/tell-listener.ts";
import { isUnit, resolvedWork } from "../language/model/exposed/resolved-work.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import { joinSignals } from "../net/join-signals.ts";
import { isIdempotent } from "../net/layers/idempotent.ts";
import { resultOf } from "./call.ts";
import type { CallOptions, RunResult, WaitOptions } from "./call-options.ts";
import { waitOptions } from "./options.ts";
import type { Inputs } from "./request/check-inputs.ts";
import { runUnit } from "./run-unit.ts";
import type { Runtime } from "./runtime.ts";

/** Options of waiting, complete. */
type WaitSettings = WaitOptions & { readonly everyMs: number; readonly forMs: number };

/** Calls an operation again and again until its answer is as wanted, and gives that answer. */
export async function waitFor(
  runtime: Runtime,
  reference: string,
  inputs: Inputs,
  options: WaitOptions,
): Promise<RunResult> {
  const { until, everyMs, forMs, signal, onCall, ...given } = withDefaults(waitOptions, options) as WaitSettings;
  const { waitUntil } = await import("./waiting/wait-until.ts");
  const ofCall = await runtime.permit(runtime.findCallable(reference), inputs, given);
  const operation = await waitedFor(runtime, reference, inputs, { ...ofCall, signal });
  const ended = joinSignals(signal, runtime.closing);
  const { secrets } = runtime;
  try {
    return await waitUntil<RunResult>({
      operation,
      until,
      everyMs,
      forMs,
      signal: ended.signal,
      onCall: onCall && ((...told) => tellListener("onCall", text => secrets.text(text), onCall, ...told)),
      // An answer that a cache has kept would be the answer to the next call too.
      async call(limit) {
        const own = { ...ofCall, signal: limit, cache: false };
        const { unit } = operation;
        if (unit !== undefined) return runUnit(runtime, unit, inputs, own);
        return resultOf(await runtime.call(reference, inputs, own, "value"));
      },
    });
  } catch (error) {
    throw await runtime.presented(error);
  } finally {
    ended.release();
  }
}

/** What is called until its answer is as wanted. */
interface WaitedFor {
  readonly method: string;
  readonly name: string;
  /** Of the request. `undefined` where there may be several, or none. */
  readonly url: string | undefined;
  /** Absent for an operation that the capability consumes. */
  readonly unit?: Unit;
}

async function waitedFor(
  runtime: Runtime,
  reference: string,
  inputs: Inputs,
  { signal, headers, query }: CallOptions,
): Promise<WaitedFor> {
  const found = runtime.findCallable(reference);
  if (!isUnit(found)) {
    const { url } = await runtime.prepare(reference, inputs, { signal, headers, query });
    return { method: found.method, name: found.name, url };
  }
  // Only what reads may be repeated after a failure.
  const method = found.hints.readOnly === true ? "GET" : methodOf(found);
  return { method, name: found.name, url: undefined, unit: found };
}

function methodOf(unit: Unit): string {
  const work = resolvedWork(unit);
  if (work.kind === "call") return work.operation.method;
  if (work.kind === "mock") return "GET";
  const methods = work.steps.map(step => (step.type === "call" ? step.operation.method : "GET"));
  return methods.find(method => !isIdempotent(method)) ?? "GET";
}
