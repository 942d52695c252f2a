import { getOrSet } from "../../../base/get-or-set.ts";
import { neededVariables } from "../../../engine/request/needed-variables.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { isOfCaller } from "../../../language/document/caller-field.ts";
import type { OperationDescription } from "../../../language/model/describe-operation.ts";
import { describeUnit, type UnitDescription } from "../../../language/model/exposed/describe-unit.ts";
import { routeOf, unitsOf } from "../help.ts";
import { ReferenceNames } from "./skill-names.ts";

/** Everything that a skill of a capability tells. */
export interface SkillContent {
  readonly name: string;
  /** Path of the capability file, from the folder of the skill. */
  readonly asset: string;
  readonly title: string;
  readonly description: string;
  /** In the order of the file. */
  readonly resources: readonly SkillResource[];
  /** What is exposed and does something else than the operation of its name. */
  readonly units: readonly SkillUnit[];
  /** File of the units; `undefined` where there are none. */
  readonly unitsFile: string | undefined;
  /** Names of the variables that calls look up, in the order of the file. */
  readonly variables: readonly string[];
}

/** A resource with its operations, and the file that tells of them. */
export interface SkillResource {
  readonly namespace: string;
  readonly name: string;
  /** From the folder of the skill. */
  readonly file: string;
  readonly operations: readonly OperationDescription[];
}

export interface SkillUnit {
  /** What the command is given. */
  readonly reference: string;
  readonly unit: UnitDescription;
}

/** Gathers what a skill of a capability tells. */
export function skillContent(runtime: Runtime, name: string, asset: string): SkillContent {
  const { model } = runtime;
  const names = new ReferenceNames();
  const isAlone = model.adapters.length === 1;
  const groups = new Map<string, OperationDescription[]>();
  for (const operation of runtime.operations.values())
    getOrSet(groups, JSON.stringify([operation.namespace, operation.resource]), () => []).push(operation);
  const resources = [...groups].map(([key, operations]): SkillResource => {
    const [namespace, resource] = JSON.parse(key) as [string, string];
    const file = `references/${names.take(isAlone ? resource : `${namespace}-${resource}`)}.md`;
    return { namespace, name: resource, file, operations };
  });
  const units = unitsOf(runtime).map(({ unit, name: reference }): SkillUnit => {
    return { reference, unit: describeUnit(unit, routeOf(runtime, unit)) };
  });
  const needed = new Set(model.operations.flatMap(neededVariables).map(({ key }) => key));
  return {
    name,
    asset,
    title: model.info.label ?? model.name,
    description: model.info.description ?? model.adapters.find(adapter => adapter.description)?.description ?? "",
    resources,
    units,
    unitsFile: units.length === 0 ? undefined : `references/${names.take("exposed")}.md`,
    variables: [...new Set(model.binds.filter(variable => !isOfCaller(variable)).map(({ key }) => key))].filter(key =>
      needed.has(key),
    ),
  };
}
