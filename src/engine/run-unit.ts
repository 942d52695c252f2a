import { resolvedWork } from "../language/model/exposed/resolved-work.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { CallOptions, RunResult } from "./call-options.ts";
import type { StepObserver } from "./orchestration/unit-answer.ts";
import type { Inputs } from "./request/check-inputs.ts";
import type { Runtime } from "./runtime.ts";

/** Calls something that the capability exposes, and gives its value as the outputs of an operation. */
export async function runUnit(
  runtime: Runtime,
  unit: Unit,
  inputs: Inputs,
  options: CallOptions,
  steps?: StepObserver,
): Promise<RunResult> {
  const answer = await runtime.callUnit(unit, inputs, options, { form: "value", steps });
  if (answer.kind !== "value") throw new TypeError(`${unit.reference} has not answered with a value`);
  const { value, status, failures } = answer;
  return { outputs: value, status, headers: {}, body: value, ...(failures.length === 0 ? {} : { failures }) };
}

/**
 * Builds the request of something exposed that makes one call. Sends nothing.
 *
 * @throws TypeError if it makes several calls, or none
 */
export async function prepareUnit(
  runtime: Runtime,
  unit: Unit,
  inputs: Inputs,
  options: CallOptions,
): Promise<HttpRequest> {
  const work = resolvedWork(unit);
  if (work.kind === "mock")
    throw new TypeError(`${unit.reference} sends no request: it answers with values of the file`);
  if (work.kind === "steps") {
    const names = work.steps.map(({ name }) => name).join(", ");
    throw new TypeError(`${unit.reference} has no single request: it does the steps ${names}`);
  }
  const { operation, inputs: given } = await runtime.callOf(unit, inputs, options);
  return runtime.prepare(operation.reference, given, options);
}
