import type { Operation } from "../../language/model/types.ts";

/**
 * Checks of values against the schemas of inputs, by input key.
 *
 * @throws CapabilityError `INPUT_INVALID`
 */
export type InputChecks = ReadonlyMap<string, (value: unknown) => void>;

/** Checks of nothing. */
export const NO_CHECKS: InputChecks = new Map();

/** Compiles the schemas of the inputs of an operation. Most operations have none. */
export async function planChecks(operation: Pick<Operation, "name" | "inputs">): Promise<InputChecks> {
  const checked = [...operation.inputs.values()].filter(({ schemas }) => schemas !== undefined);
  if (checked.length === 0) return NO_CHECKS;
  const { compileChecks } = await import("./compile-checks.ts");
  return compileChecks(operation, checked);
}
