import { neededVariables } from "../../engine/request/needed-variables.ts";
import type { Operation } from "../../language/model/types.ts";

/** A variable of the environment that calls of operations read. */
export interface EnvironmentVariable {
  readonly name: string;
  /** Whether every one of the operations reads it. */
  readonly isRequired: boolean;
}

/** Names that a shell, and the settings of every client, take for a variable. */
const NAME = /^[A-Za-z_]\w*$/;

/** Returns the variables of the environment that calls of operations read, in the order in which they are met. */
export function environmentVariables(operations: readonly Operation[]): EnvironmentVariable[] {
  const uses = new Map<string, number>();
  for (const operation of operations) {
    const keys = neededVariables(operation)
      .filter(({ location, key }) => location === undefined && NAME.test(key))
      .map(({ key }) => key);
    for (const key of new Set(keys)) uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return [...uses].map(([name, count]) => ({ name, isRequired: count === operations.length }));
}
