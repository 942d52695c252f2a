import type { CapabilityError } from "../../base/capability-error.ts";
import type { Unit, UnitWork } from "../../language/model/exposed/types.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { compileOverrides } from "./compile-shape.ts";
import { planSteps, valuesOf } from "./plan-steps.ts";
import { runSteps } from "./run-steps.ts";
import type { StepFailure, UnitAnswer } from "./unit-answer.ts";
import type { UnitHost } from "./unit-host.ts";
import type { UnitCall, Work } from "./unit-work.ts";
import { withBinds } from "./with-binds.ts";

/**
 * Compiles what the steps of a unit do.
 *
 * @param outputs those that the answer has, which a unit that refers to this one may declare
 */
export function stepsWork(
  unit: Unit,
  work: Extract<UnitWork, { readonly kind: "steps" }>,
  outputs: Unit["outputs"],
  host: UnitHost,
): Work {
  const plan = planSteps(unit, work);
  const shape = compileOverrides(outputs, host.numbers);
  const isOverridden = outputs !== unit.outputs;

  async function start(
    inputs: ReadonlyMap<string, unknown>,
    binds: BindValues,
    { options, reader }: UnitCall,
  ): Promise<UnitAnswer> {
    const done = await runSteps(plan, host, { inputs, binds, options, observer: reader.steps });
    const { scope, last } = done;
    const failures: StepFailure[] = [];
    for (const { step, error } of done.failures)
      failures.push({ step, error: (await host.present(error)) as CapabilityError });
    const answer = (value: unknown): UnitAnswer => ({ kind: "value", status: 200, value, isEmpty: false, failures });
    const mapped = plan.makeResult(scope);
    // Mappings give the answer. Outputs beside them describe it, but for those of a unit that refers to the function.
    if (mapped !== undefined)
      return answer(shape !== undefined && isOverridden ? shape({ root: mapped, named: undefined, scope }) : mapped);
    if (shape === undefined) return answer(last.value ?? null);
    const { value, raw = value } = last;
    return answer(shape({ root: raw, named: raw === value ? undefined : value, scope }));
  }

  return withBinds(unit, valuesOf(work), host, start);
}
