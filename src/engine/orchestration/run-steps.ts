import { abortedError } from "../../base/aborted-error.ts";
import { type CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { joinSignals } from "../../net/join-signals.ts";
import { CallDeadline } from "../../net/layers/call-deadline.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { MAX_STEPS_OF_ANSWER } from "../outputs/step-meter.ts";
import { TextBudget } from "../request/text-budget.ts";
import { doStep, type StepDone } from "./do-step.ts";
import type { StepPlan, StepsPlan } from "./plan-steps.ts";
import type { Scope } from "./scope.ts";
import { SharedCalls } from "./shared-calls.ts";
import { ofStep } from "./step-error.ts";
import type { StepOutput } from "./step-output.ts";
import type { StepEvent, StepFailure, StepObserver } from "./unit-answer.ts";
import type { UnitHost, UnitOptions } from "./unit-host.ts";

/** Calls that run at the same time. */
const MOST_CALLS = 10;

/**
 * How long a step that runs may still fail in place of a later one that has failed, in milliseconds: of several failures
 * the first in the file is told, but nobody waits for a slow call only to learn of it.
 */
const EARLIER_MS = 250;

/** The outputs of steps that have all ended. */
interface StepsDone {
  /** Sees the inputs and all outputs. */
  readonly scope: Scope;
  readonly last: StepOutput;
  /** In the order of the file. */
  readonly failures: readonly StepFailure[];
}

/** One call of the steps of a unit. */
interface StepsCall {
  readonly inputs: ReadonlyMap<string, unknown>;
  readonly binds: BindValues;
  readonly options: UnitOptions;
  readonly observer: StepObserver | undefined;
}

/**
 * Runs steps. Each begins when those have ended that it refers to: results and effects are those of one after another.
 *
 * @throws CapabilityError of the first step in the file that has failed, with its name. Nothing runs any more then.
 */
export async function runSteps(plan: StepsPlan, host: UnitHost, call: StepsCall): Promise<StepsDone> {
  const { signal, deadlineMs = host.deadlineMs } = call.options;
  const joined = joinSignals(signal, host.ending);
  const deadline = deadlineMs > 0 ? new CallDeadline(deadlineMs, joined.signal) : undefined;
  const run = new Run(plan, host, call, deadline?.signal ?? joined.signal);
  try {
    return await run.finish();
  } catch (error) {
    throw deadline === undefined ? error : deadline.explain(error);
  } finally {
    deadline?.release();
    joined.release();
  }
}

/** Steps under way. */
class Run {
  readonly #plan: StepsPlan;
  readonly #host: UnitHost;
  readonly #call: StepsCall;
  readonly #signal: AbortSignal;
  readonly #start = performance.now();
  readonly #shared = new SharedCalls();
  readonly #budgets = { budget: new TextBudget(), steps: { left: MAX_STEPS_OF_ANSWER } };
  readonly #inputs: ReadonlyMap<string, unknown>;
  /** By step; absent until it has ended. */
  readonly #outputs: (StepOutput | undefined)[];
  readonly #begun: boolean[];
  readonly #running = new Map<number, AbortController>();
  readonly #failures = new Map<number, CapabilityError>();
  #calls = 0;
  /** The first step in the file that has failed. `Infinity`: none. */
  #failed = Number.POSITIVE_INFINITY;
  #error: unknown;
  #grace: NodeJS.Timeout | undefined;
  #settle: (() => void) | undefined;

  constructor(plan: StepsPlan, host: UnitHost, call: StepsCall, signal: AbortSignal) {
    this.#plan = plan;
    this.#host = host;
    this.#call = call;
    this.#signal = signal;
    this.#outputs = plan.steps.map(() => undefined);
    this.#begun = plan.steps.map(() => false);
    const { inputs, binds } = call;
    const own = plan.makeInputs?.(this.#scopeOf([], inputs, binds));
    this.#inputs = own === undefined ? inputs : new Map([...inputs, ...Object.entries(own)]);
  }

  async finish(): Promise<StepsDone> {
    const { unit, steps } = this.#plan;
    const onAbort = () => this.#fail(-1, abortedError(unit.name, this.#signal));
    if (this.#signal.aborted) onAbort();
    else this.#signal.addEventListener("abort", onAbort, { once: true });
    try {
      this.#advance();
      if (this.#running.size > 0)
        await new Promise<void>(resolve => {
          this.#settle = resolve;
        });
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
      clearTimeout(this.#grace);
    }
    if (this.#error !== undefined) throw this.#error;
    const failures = [...this.#failures].sort(([one], [other]) => one - other);
    return {
      scope: this.#scopeOf(steps.keys(), this.#inputs, this.#call.binds),
      last: this.#outputs.at(-1) ?? { value: null },
      failures: failures.map(([index, error]) => ({ step: steps[index]?.step.name ?? "", error })),
    };
  }

  /** Begins the steps that nothing keeps from it, in the order of the file. */
  #advance(): void {
    for (const plan of this.#plan.steps) {
      if (this.#failed !== Number.POSITIVE_INFINITY) return;
      const isReady = !this.#begun[plan.index] && plan.after.every(index => this.#outputs[index] !== undefined);
      const hasRoom = plan.step.type !== "call" || this.#calls < MOST_CALLS;
      if (isReady && hasRoom) this.#begin(plan);
    }
  }

  #begin(plan: StepPlan): void {
    const { index, step } = plan;
    const controller = new AbortController();
    this.#begun[index] = true;
    this.#running.set(index, controller);
    if (step.type === "call") this.#calls++;
    const startMs = performance.now() - this.#start;
    const { telemetry } = this.#host;
    const ended = (done: StepDone, error: unknown, outcome: StepEvent["outcome"]) => {
      this.#running.delete(index);
      if (step.type === "call") this.#calls--;
      if (telemetry?.isOn) telemetry.metrics.step(step.type, this.#plan.unit.namespace, this.#secondsSince(startMs));
      if (this.#call.observer !== undefined) this.#tell(plan, startMs, done, error, outcome);
      this.#advance();
      if (this.#running.size === 0) this.#settle?.();
    };
    const scope = this.#scopeOf(plan.uses, this.#inputs, this.#call.binds);
    const { span: parent } = this.#call.options;
    const span = parent?.child(step.name, "INTERNAL");
    span?.set("naftiko.step.type", step.type);
    const done: StepDone = { attempts: 0, isShared: false, status: undefined, items: undefined, isSkipped: false };
    const context = {
      unit: this.#plan.unit,
      host: this.#host,
      shared: this.#shared,
      signal: controller.signal,
      cache: this.#call.options.cache,
      callerFields: this.#call.options.callerFields,
      paced: this.#call.options.paced,
      span,
      done,
    };
    doStep(plan, scope, context).then(
      output => {
        span?.end();
        this.#outputs[index] = output;
        ended(done, undefined, done.isSkipped ? "skipped" : "done");
      },
      (thrown: unknown) => {
        const error = ofStep(thrown, this.#plan.unit, plan);
        span?.end(error.code);
        ended(done, error, this.#failStep(plan, controller, error));
      },
    );
  }

  /** Takes note of a step that has failed, and returns its outcome. */
  #failStep({ index, step }: StepPlan, { signal }: AbortController, error: CapabilityError): StepEvent["outcome"] {
    if (signal.aborted) return "aborted";
    if (step.continueOnError && !isCapabilityError(error, "ABORTED")) {
      this.#failures.set(index, error);
      this.#outputs[index] = { value: null };
      return "continued";
    }
    this.#fail(index, error);
    return "failed";
  }

  /** Ends the run with the error of a step, or of none (`-1`): later steps at once, earlier ones soon. */
  #fail(index: number, error: unknown): void {
    if (index >= this.#failed) return;
    this.#failed = index;
    this.#error = error;
    for (const [other, controller] of this.#running) if (other > index) controller.abort(error);
    this.#grace ??= setTimeout(() => {
      for (const controller of this.#running.values()) controller.abort(this.#error);
    }, EARLIER_MS);
  }

  /** Returns what a step sees: the inputs, and the outputs of the given steps. */
  #scopeOf(uses: Iterable<number>, inputs: ReadonlyMap<string, unknown>, binds: BindValues): Scope {
    const seen = new Map(inputs);
    const outputs = new Map<string, unknown>();
    const raw = new Map<string, unknown>();
    for (const index of uses) {
      const output = this.#outputs[index];
      const name = this.#plan.steps[index]?.step.name;
      if (output === undefined || name === undefined) continue;
      seen.set(name, output.value);
      outputs.set(name, output.value);
      if (output.raw !== undefined) raw.set(name, output.raw);
    }
    return { inputs: seen, raw, outputs, binds, ...this.#budgets };
  }

  /** @param startMs counted from the begin of the run */
  #secondsSince(startMs: number): number {
    return (performance.now() - this.#start - startMs) / 1000;
  }

  #tell(plan: StepPlan, startMs: number, done: StepDone, error: unknown, outcome: StepEvent["outcome"]): void {
    const { step, uses } = plan;
    const { status, attempts, isShared, items } = done;
    this.#call.observer?.ended({
      step: step.name,
      kind: step.type,
      operation: step.type === "call" ? step.operation.reference : undefined,
      uses: uses.map(index => this.#plan.steps[index]?.step.name ?? ""),
      startMs,
      endMs: performance.now() - this.#start,
      ...{ outcome, status, attempts, isShared, items, error },
    });
  }
}
