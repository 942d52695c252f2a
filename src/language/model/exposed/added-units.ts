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
    const name = [unit.name, unit.reference, route].find(written => written !== undefined && find(written) === unit);
    // Another unit has all its names.
    if (name === undefined || addsNothing(unit, find(unit.name))) return [];
    return [{ unit, name, route }];
  });
}

/** Tells whether a unit is a call of the operation that has its name, with the same inputs and the same answer. */
function addsNothing({ work, outputs }: Unit, named: Operation | Unit): boolean {
  if (work.kind !== "call" || work.operation !== named) return false;
  const isSame = work.with.every(({ name, value }) => value.kind === "input" && value.name === name);
  return isSame && (outputs === undefined || outputs.every(isWhole));
}

/** Tells whether a shape gives the answer as it is. */
function isWhole({ name, source, properties, items, values }: Shape): boolean {
  if (name !== undefined || (properties ?? items ?? values) !== undefined) return false;
  return source === undefined || (source.kind === "path" && source.path.steps.length === 0);
}
