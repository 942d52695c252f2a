import type { Inputs } from "../../engine/request/check-inputs.ts";
import { declaredContentType } from "../../engine/request/content-type.ts";
import { readScalar, readText, textForm } from "../../engine/request/read-text.ts";
import type { Input } from "../../language/model/types.ts";
import type { RowOperation } from "./row-source.ts";

/** A cell that no value can be made of. The message is the end of a sentence about the row. */
export class CellProblem extends Error {}

/**
 * Creates a reader of cells, which are read as the command line is, but that `true` and `false` may be capitals. An empty
 * cell is no value; it is the empty text for an input that has to have a text.
 *
 * @param set inputs of every row, which may declare the content type of the body
 */
export function cellReader(
  operation: RowOperation,
  input: Input,
  column: string,
  set: Inputs,
): (cell: string) => unknown {
  const { type, required } = input;
  if (type === "string" && required) return cell => cell;
  const read = textReader(operation, input, column, set);
  return cell => (cell === "" ? undefined : read(cell));
}

function textReader(operation: RowOperation, input: Input, column: string, set: Inputs): (cell: string) => unknown {
  const { type } = input;
  if (type === "string") return cell => cell;
  if (type === "number" || type === "integer") return cell => readScalar(type, cell);
  // Spreadsheets write TRUE, and programs in Python write True.
  if (type === "boolean") return cell => readScalar(type, /^(true|false)$/i.test(cell) ? cell.toLowerCase() : cell);
  const form = textForm(operation, input, declaredContentType(operation, set));
  const invalid = (problem: string) =>
    new CellProblem(`has a cell in column ${JSON.stringify(column)} that ${problem}`);
  return cell => {
    try {
      return readText(input, form, cell, true, invalid);
    } catch (error) {
      // The check of the inputs refuses a text for these types, and names the input.
      if (error instanceof CellProblem && (type === "object" || type === "array")) return cell;
      throw error;
    }
  };
}
