import type { JsonObject } from "../../base/json-object.ts";
import { inputsKey } from "../inputs-key.ts";
import type { BatchRow, UnreadableRow } from "../row.ts";
import { CellProblem } from "./cell-reader.ts";
import { readFedBack } from "./fed-back-row.ts";
import type { RowForm } from "./row-form.ts";
import { compileKey } from "./row-key.ts";
import { planInputs } from "./row-plan.ts";
import type { RowOperation, RowSettings } from "./row-source.ts";

/** Makes a row of a record. */
export type RowMaker<Value> = (record: Value, row: number, line: number) => BatchRow | UnreadableRow;

/**
 * Creates a maker of rows, and checks that columns and inputs fit.
 *
 * @throws CapabilityError `INPUT_UNKNOWN`, `INPUT_MISSING`, `ROW_INVALID`, `USAGE`
 */
export function rowMaker<Value>(
  operation: RowOperation,
  form: RowForm<Value>,
  source: string,
  settings: RowSettings,
): RowMaker<Value> {
  const { reference } = settings;
  const inputsOf = planInputs(operation, form, source, settings);
  const keyOf = settings.key === undefined ? undefined : compileKey(form, source, settings.key);
  return (record, row, line) => {
    const problem = form.problem(record);
    if (problem !== undefined) return { row, line, problem };
    try {
      const inputs = inputsOf(record);
      return { row, line, key: keyOf?.(record) ?? inputsKey(reference, inputs), inputs };
    } catch (error) {
      if (!(error instanceof CellProblem)) throw error;
      return { row, line, problem: error.message };
    }
  };
}

/**
 * Creates a maker of rows of lines that `--failed` was written with. They have their inputs and keys: `--map` and `--key`
 * of the first run may stay where they are. `--set` replaces inputs.
 */
export function fedBackMaker({ set, reference }: RowSettings): RowMaker<JsonObject> {
  return (record, row, line) => {
    const failed = readFedBack(record);
    if (typeof failed === "string") return { row, line, problem: failed };
    const inputs = { ...failed.inputs, ...set };
    const { idempotencyKey } = failed;
    return { row, line, key: failed.key ?? inputsKey(reference, inputs), inputs, idempotencyKey };
  };
}
