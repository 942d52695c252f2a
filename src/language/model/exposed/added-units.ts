import { isCapabilityError } from "../../../base/capability-error.ts";
import type { Operation } from "../types.ts";
import { listUnits } from "./find-unit.ts";
import type { ExposedModel, Shape, Unit } from "./types.ts";

/** A unit, and a name that means it. */
export interface NamedUnit {
  readonly unit: Unit;
  readonly name: string;
  readonly route: string | undefined;
}

/**
 * Lists the units that do something else than the operation of their name: most published files expose every operation as
 * it is.
 *
 * @param find finds what a name means
 */
export function addedUnits(exposed: ExposedModel, find: (name: string) => Operation | Unit): NamedUnit[] {
  return listUnits(exposed).flatMap(({ unit, route }) => {
    const name = [unit.name, unit.reference, route].find(
      written => written !== undefined && unambiguous(written, find) === unit,
    );
    // Another unit has all its names.
    if (name === undefined || addsNothing(unit, unambiguous(unit.name, find))) return [];
    return [{ unit, name, route }];
  });
}

/** Returns what a name means. `undefined`: several operations have it. */
function unambiguous(name: string, find: (name: string) => Operation | Unit): Operation | Unit | undefined {
  try {
    return find(name);
  } catch (error) {
    if (isCapabilityError(error, "OPERATION_AMBIGUOUS")) return undefined;
    throw error;
  }
}

/** Tells whether a unit is a call of an operation that has its name, with the same inputs and the same answer. */
function addsNothing({ name, work, outputs }: Unit, named: Operation | Unit | undefined): boolean {
  if (work.kind !== "call") return false;
  if (named === undefined ? work.operation.name !== name : work.operation !== named) return false;
  const isSame = work.with.every(({ name, value }) => value.kind === "input" && value.name === name);
  return isSame && (outputs === undefined || outputs.every(isWhole));
}

/** Tells whether a shape gives the answer as it is. */
function isWhole({ name, source, properties, items, values }: Shape): boolean {
  if (name !== undefined || (properties ?? items ?? values) !== undefined) return false;
  return source === undefined || (source.kind === "path" && source.path.steps.length === 0);
}
