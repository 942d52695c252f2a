import type { NumberForm } from "../../base/numbers/exact-number.ts";
import type { Unit, UnitInput } from "../../language/model/exposed/types.ts";
import type { Input } from "../../language/model/types.ts";
import { checkInputs, type DeclaredInputs, type Inputs } from "../request/check-inputs.ts";
import { type InputChecks, planChecks } from "../request/input-checks.ts";
import { scalarConversion } from "./convert-scalar.ts";

/** Checks what a caller gives to a unit, and returns the values by name. */
export type ReadInputs = (given: Inputs) => ReadonlyMap<string, unknown>;

/** Plans the checks of the inputs of a unit: those of consumed operations, for names that the unit declares. */
export async function planInputs(unit: Unit, numbers: NumberForm): Promise<ReadInputs> {
  const declared = declaredInputs(unit);
  const checks: InputChecks = await planChecks(declared);
  const constants = Array.from(unit.inputs).flatMap(([key, { constant, type }]) =>
    constant === undefined ? [] : ([[key, scalarConversion(type, numbers)(constant)]] as const),
  );
  if (constants.length === 0) return given => checkInputs(declared, given, checks);
  return given => {
    const values = checkInputs(declared, withoutAll(given, constants), checks);
    for (const [key, value] of constants) values.set(key, value);
    return values;
  };
}

/** Returns the inputs of a unit in the form of those of operations. */
export function declaredInputs({ name, inputs }: Unit): DeclaredInputs {
  return {
    name,
    inputs: new Map(Array.from(inputs, ([key, input]) => [key, asInput(key, input)])),
    parameters: [],
  };
}

function asInput(
  key: string,
  { name, type, required, constant, in: place, description, itemType, schemas, pointer }: UnitInput,
): Input {
  return {
    key,
    name,
    // An agent or a program may give null where a value is optional, and a shell a file.
    in: place ?? "template",
    type,
    required: required && constant === undefined,
    pointer,
    ...(description ? { description } : {}),
    ...(itemType === undefined ? {} : { itemType }),
    ...(schemas.length === 0 ? {} : { schemas }),
  };
}

/** Leaves out what constants replace: it need not fit. */
function withoutAll(given: Inputs, constants: readonly (readonly [name: string, value: unknown])[]): Inputs {
  if (!constants.some(([name]) => Object.hasOwn(given, name))) return given;
  const names = new Set(constants.map(([name]) => name));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
}
