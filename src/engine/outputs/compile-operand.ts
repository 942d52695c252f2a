import type { JsonPath, JsonPathOperand, ListOperand } from "../../language/expression/json-path-steps.ts";
import type { StepMeter } from "./step-meter.ts";

/**
 * A function that reads the values of a path: `undefined` if a definite one finds none, an array for an indefinite one.
 * `root` is the whole document.
 */
export type PathReader = (start: unknown, root: unknown, meter: StepMeter) => unknown;

/** A function that compiles a path inside a path. */
export type CompilePath = (path: JsonPath) => Promise<PathReader>;

/** Compiles an operand of a filter or an argument of a function. */
export async function compileOperand(
  operand: JsonPathOperand | ListOperand,
  compilePath: CompilePath,
): Promise<PathReader> {
  if (operand.kind === "literal") return () => operand.value;
  if (operand.kind === "list") return () => operand.values;
  const read = await compilePath(operand.path);
  return operand.from === "root" ? (_, root, meter) => read(root, root, meter) : read;
}
