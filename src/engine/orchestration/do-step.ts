import { setTimeout as pause } from "node:timers/promises";
import { abortedError } from "../../base/aborted-error.ts";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { formatDuration } from "../../base/duration.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { orAborted } from "../../base/or-aborted.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { CallStep, ForEach, LookupStep, ScriptStep, Unit } from "../../language/model/exposed/types.ts";
import { CallDeadline } from "../../net/layers/call-deadline.ts";
import type { Span } from "../../telemetry/span.ts";
import type { CallerFields } from "../binds/caller-fields.ts";
import { lookUp } from "./look-up.ts";
import type { StepPlan } from "./plan-steps.ts";
import type { Scope } from "./scope.ts";
import { keyOfInputs, type SharedCalls } from "./shared-calls.ts";
import { mayPass, stepFailed } from "./step-error.ts";
import type { StepOutput } from "./step-output.ts";
import type { UnitHost, UnitOptions, ValueReply } from "./unit-host.ts";

/** Facts about a step that is done, which it writes down on the way. */
export interface StepDone {
  attempts: number;
  isShared: boolean;
  status: number | undefined;
  items: number | undefined;
  isSkipped: boolean;
}

interface StepContext {
  readonly unit: Unit;
  readonly host: UnitHost;
  readonly shared: SharedCalls;
  readonly signal: AbortSignal;
  readonly cache: boolean | undefined;
  readonly callerFields: CallerFields | undefined;
  readonly span: Span | undefined;
  readonly paced: UnitOptions["paced"];
  readonly done: StepDone;
}

const NULL_OUTPUT: StepOutput = { value: null };

/** Does a step: once, for each item, or not at all. */
export async function doStep(plan: StepPlan, scope: Scope, context: StepContext): Promise<StepOutput> {
  const { step, holds } = plan;
  if (holds !== undefined && !holds(scope)) {
    context.done.isSkipped = true;
    return NULL_OUTPUT;
  }
  if (step.timeoutMs === undefined) return doAll(plan, scope, context);
  const deadline = new CallDeadline(step.timeoutMs, context.signal);
  try {
    return await doAll(plan, scope, { ...context, signal: deadline.signal });
  } catch (error) {
    throw isCapabilityError(deadline.explain(error), "TIMEOUT") ? timedOut(plan, step.timeoutMs, error) : error;
  } finally {
    deadline.release();
  }
}

function timedOut({ step }: StepPlan, timeoutMs: number, cause: unknown): CapabilityError {
  if (isCapabilityError(cause, "TIMEOUT")) return cause;
  const operation = step.type === "call" ? step.operation.name : step.name;
  return new CapabilityError("TIMEOUT", {
    message: `${operation}: it did not end within its x-timeout of ${formatDuration(timeoutMs)}`,
    details: { operation, timeoutMs, reason: "deadline" },
    cause,
  });
}

function doAll(plan: StepPlan, scope: Scope, context: StepContext): Promise<StepOutput> {
  const { step, items } = plan;
  if (step.forEach === undefined || items === undefined) return tryOften(plan, scope, context);
  return doEach(plan, step.forEach, items(scope), scope, context);
}

/** Does a step for each item. The outputs are in the order of the items. */
async function doEach(
  plan: StepPlan,
  { as, concurrency, maximum }: ForEach,
  found: unknown,
  scope: Scope,
  context: StepContext,
): Promise<StepOutput> {
  const { unit, signal } = context;
  const items = found ?? [];
  if (!Array.isArray(items)) throw stepFailed(unit, plan.step, `x-forEach needs a list, found ${quoteValue(items)}`);
  if (items.length > maximum)
    throw stepFailed(
      unit,
      plan.step,
      `x-forEach has ${items.length.toLocaleString("en")} items, and may have ${maximum.toLocaleString("en")}: ask for fewer, or raise its maximum`,
    );
  context.done.items = items.length;
  const outputs: unknown[] = new Array(items.length).fill(null);
  const ending = new AbortController();
  const onAbort = () => ending.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  // Calls that change something are made one after another, so that none is made behind one that has failed.
  const lanes = plan.isSafe ? concurrency : 1;
  let next = 0;
  let failed = items.length;
  let failure: unknown;
  const lane = async () => {
    while (next < items.length && failed === items.length && !signal.aborted) {
      const index = next++;
      const inputs = new Map(scope.inputs).set(as, items[index]);
      try {
        const { value = null } = await tryOften(plan, { ...scope, inputs }, { ...context, signal: ending.signal });
        outputs[index] = value;
      } catch (error) {
        if (index >= failed) continue;
        if (failed !== items.length && isCapabilityError(error, "ABORTED")) continue;
        failed = index;
        failure = error;
        ending.abort(error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  if (failure !== undefined) throw failure;
  if (signal.aborted) throw abortedError(plan.step.name, signal);
  return { value: outputs };
}

/** Tries a step as often as its `x-retry` says. */
async function tryOften(plan: StepPlan, scope: Scope, context: StepContext): Promise<StepOutput> {
  const { step } = plan;
  const { done, signal } = context;
  const { attempts, delayMs } = step.retry ?? ONCE;
  for (let attempt = 1; ; attempt++) {
    done.attempts = Math.max(done.attempts, attempt);
    try {
      return await doOnce(plan, scope, context);
    } catch (error) {
      if (attempt >= attempts || signal.aborted || !mayPass(error)) throw error;
    }
    await pause(delayMs, undefined, { signal }).catch(() => {
      throw abortedError(step.name, signal);
    });
  }
}

const ONCE = { attempts: 1, delayMs: 0 };

function doOnce(plan: StepPlan, scope: Scope, context: StepContext): Promise<StepOutput> | StepOutput {
  const { step } = plan;
  switch (step.type) {
    case "call":
      return callOnce(plan, step, scope, context);
    case "lookup":
      return lookUpOnce(plan, step, scope);
    case "script":
      return runScript(plan, step, scope, context);
  }
}

async function callOnce(
  plan: StepPlan,
  { operation }: CallStep,
  scope: Scope,
  { host, shared, signal, cache, callerFields, span, paced, done }: StepContext,
): Promise<StepOutput> {
  const inputs = plan.makeInputs(scope);
  // A signal alone is cheaper than options that say nothing.
  const isPlain = cache === undefined && span === undefined && callerFields === undefined && paced === undefined;
  const options = isPlain ? { signal } : { signal, cache, span, callerFields, paced };
  const { isSafe } = plan;
  const key = isSafe ? keyOfInputs(inputs) : "";
  const own = async (): Promise<ValueReply> => {
    const calling = host.call(operation, inputs, options, "value");
    if (isSafe) shared.keep(operation, key, calling);
    const answer = await calling;
    shared.spend(operation, answer);
    return answer;
  };
  if (!isSafe) shared.clear();
  const same = isSafe ? shared.find(operation, key) : undefined;
  const reply = same === undefined ? await own() : await share(same, signal, operation.name, own);
  done.isShared ||= same !== undefined;
  done.status = reply.status;
  return plan.output(reply);
}

/** Waits for the call of another step. If that step is ended, the call is made for this one. */
async function share(
  calling: Promise<ValueReply>,
  signal: AbortSignal,
  operation: string,
  own: () => Promise<ValueReply>,
): Promise<ValueReply> {
  try {
    return await orAborted(calling, signal, () => abortedError(operation, signal));
  } catch (error) {
    if (signal.aborted || !isCapabilityError(error, "ABORTED")) throw error;
    return own();
  }
}

function lookUpOnce({ searched }: StepPlan, { index, match, fields }: LookupStep, scope: Scope): StepOutput {
  const output = scope.inputs.get(index);
  const lacksMember = isJsonObject(output) && !Object.hasOwn(output, match);
  const searchedIn = lacksMember ? (scope.raw?.get(index) ?? output) : output;
  return { value: lookUp({ index: searchedIn, match, fields, value: searched(scope) }) };
}

async function runScript(
  { makeInputs }: StepPlan,
  step: ScriptStep,
  scope: Scope,
  { host, signal }: StepContext,
): Promise<StepOutput> {
  const given = { ...Object.fromEntries(scope.inputs), ...makeInputs(scope) };
  return { value: await host.script(step, given, signal) };
}
