import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import type { Inputs } from "../request/check-inputs.ts";
import { UnitCaller } from "./unit-caller.ts";
import type { UnitHost, UnitOptions } from "./unit-host.ts";

/** The call of an operation that a unit makes. */
export interface CallOfUnit {
  readonly operation: Operation;
  readonly inputs: Inputs;
}

/**
 * Returns the call that a unit makes, without making it.
 *
 * @throws CapabilityError as a call of the unit does before anything is sent
 * @throws TypeError for a unit that makes no call
 */
export async function callOfUnit(
  unit: Unit,
  inputs: Inputs,
  options: UnitOptions,
  host: UnitHost,
): Promise<CallOfUnit> {
  let found: CallOfUnit | undefined;
  const call = (operation: Operation, given: Inputs) => {
    found = { operation, inputs: given };
    return Promise.reject(new Error("The call is only looked at"));
  };
  try {
    await new UnitCaller({ ...host, permit: () => undefined, call }).call(unit, inputs, options, { form: "value" });
  } catch (error) {
    if (found === undefined) throw error;
  }
  if (found === undefined) throw new TypeError(`${unit.reference} makes no call`);
  return found;
}
