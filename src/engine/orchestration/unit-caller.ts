import type { Unit } from "../../language/model/exposed/types.ts";

import type { Inputs } from "../request/check-inputs.ts";
import { planUnit, type UnitPlan } from "./plan-unit.ts";
import type { UnitAnswer, UnitReader } from "./unit-answer.ts";
import type { UnitHost, UnitOptions } from "./unit-host.ts";

/** Calls what a capability exposes. Each unit is compiled at its first call. */
export class UnitCaller {
  readonly #host: UnitHost;
  readonly #plans = new Map<Unit, UnitPlan | Promise<UnitPlan>>();

  constructor(host: UnitHost) {
    this.#host = host;
  }

  /** @throws what the check of the inputs throws, if the unit is compiled */
  call(unit: Unit, inputs: Inputs, options: UnitOptions, reader: UnitReader): Promise<UnitAnswer> | UnitAnswer {
    const plan = this.#plans.get(unit) ?? this.#plan(unit);
    const begin = ({ work, readInputs }: UnitPlan) => {
      const call = { options, reader };
      const permitting = this.#host.permit(unit, inputs, options, () => readInputs(inputs));
      const begun = () => work(readInputs(inputs), call);
      return permitting === undefined ? begun() : permitting.then(begun);
    };
    return plan instanceof Promise ? plan.then(begin) : begin(plan);
  }

  #plan(unit: Unit): Promise<UnitPlan> {
    const planning = planUnit(unit, this.#host).then(plan => {
      this.#plans.set(unit, plan);
      return plan;
    });
    // A plan that fails, such as for a schema that cannot be compiled, fails in the same way again.
    this.#plans.set(unit, planning);
    return planning;
  }
}
