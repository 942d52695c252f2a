import type { JsonObject } from "../../base/json-object.ts";
import { member } from "../../base/json-object.ts";
import type { Inputs } from "../../engine/request/check-inputs.ts";
import type { Input } from "../../language/model/types.ts";
import { cellReader } from "./cell-reader.ts";
import type { RowOperation } from "./row-source.ts";

/** What records of one form are read by. */
export interface RowForm<Value> {
  readonly columns: readonly string[];
  /** Returns a reader of the value in a column as it is written; `undefined` where a record has none. */
  column(name: string): (record: Value) => unknown;
  /** Returns a reader of the value for an input. It throws CellProblem for one that no input can be made of. */
  input(name: string, input: Input): (record: Value) => unknown;
  /** Returns the problem of a record, as the end of a sentence. */
  problem(record: Value): string | undefined;
  /** Returns a record as an object, for JSONPath. */
  object(record: Value): JsonObject;
}

/** Form of tables, whose first record names the columns. */
export function tableForm(
  columns: readonly string[],
  operation: RowOperation,
  set: Inputs,
): RowForm<readonly string[]> {
  return {
    columns,
    column(name) {
      const index = columns.indexOf(name);
      return cells => cells[index];
    },
    input(name, input) {
      const index = columns.indexOf(name);
      const read = cellReader(operation, input, name, set);
      return cells => read(cells[index] ?? "");
    },
    problem(cells) {
      if (cells.length === columns.length) return undefined;
      return `has ${cells.length} of ${columns.length} cells`;
    },
    object: cells => Object.fromEntries(cells.map((cell, index) => [columns[index], cell])),
  };
}

/** Form of JSON lines, whose members are columns. */
export function linesForm(columns: readonly string[]): RowForm<JsonObject> {
  return {
    columns,
    column: name => record => member(record, name),
    input: name => record => member(record, name),
    problem: () => undefined,
    object: record => record,
  };
}
