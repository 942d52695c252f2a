import type { FilterOperand, JsonPathFilter } from "../../language/expression/json-path-steps.ts";
import { type CompilePath, compileOperand, type PathReader } from "./compile-operand.ts";
import { compileFilterExpression } from "./filter-expression.ts";
import { filterTests } from "./filter-tests.ts";
import type { StepMeter } from "./step-meter.ts";

/** Tells whether an element passes a filter. `root` is the whole document. */
export type FilterTest = (element: unknown, root: unknown, meter: StepMeter) => boolean;

/** Compiles a filter: operators between operands, which are read when an operator asks for them. */
export async function compileFilter(
  { expression, operands }: JsonPathFilter,
  compilePath: CompilePath,
): Promise<FilterTest> {
  const readers = await Promise.all(operands.map(operand => compileFilterOperand(operand, compilePath)));
  const holds = compileFilterExpression(expression);
  return (element, root, meter) => {
    meter.spend(1);
    return holds(index => readers[index]?.(element, root, meter));
  };
}

async function compileFilterOperand(operand: FilterOperand, compilePath: CompilePath): Promise<PathReader> {
  switch (operand.kind) {
    case "exists": {
      const read = await compileOperand(operand.path, compilePath);
      const finds = operand.path.path.definite ? isPresent : isFilled;
      return (element, root, meter) => finds(read(element, root, meter));
    }
    case "test": {
      const test = filterTests[operand.operator];
      const left = await compileOperand(operand.left, compilePath);
      const right = await compileOperand(operand.right, compilePath);
      return (element, root, meter) => test(left(element, root, meter), right(element, root, meter), meter);
    }
    case "match": {
      const { compileMatch } = await import("./compile-match.ts");
      const left = await compileOperand(operand.left, compilePath);
      const matches = await compileMatch(operand.pattern);
      return (element, root, meter) => matches(left(element, root, meter), meter);
    }
    default: {
      const read = await compileOperand(operand, compilePath);
      return (element, root, meter) => comparable(read(element, root, meter));
    }
  }
}

function isPresent(found: unknown): boolean {
  return found !== undefined;
}

function isFilled(found: unknown): boolean {
  return Array.isArray(found) && found.length > 0;
}

/**
 * What is missing, and what is no scalar, equals nothing and is neither less nor greater than anything: that is NaN.
 * An object would be turned into text to be compared, by methods of its own where an API sends them.
 */
function comparable(found: unknown): unknown {
  return found === undefined || (typeof found === "object" && found !== null) ? Number.NaN : found;
}
