import { isNumber } from "../../base/numbers/json-number.ts";
import type { JsonPathFilter } from "../../language/expression/json-path-steps.ts";
import { comparisons } from "./compare-values.ts";
import { type CompilePath, compileOperand } from "./compile-operand.ts";
import { compilePattern } from "./compile-pattern.ts";
import { filterTests } from "./filter-tests.ts";
import type { StepMeter } from "./step-meter.ts";

/** A function that returns whether an element passes a filter. `root` is the whole document. */
type FilterTest = (element: unknown, root: unknown, meter: StepMeter) => boolean;

/** Compiles a filter. Its operands are read when an operator needs them. */
export function compileFilter(filter: JsonPathFilter, compilePath: CompilePath): FilterTest {
  switch (filter.kind) {
    case "or": {
      const tests = filter.tests.map(test => compileFilter(test, compilePath));
      return (element, root, meter) => tests.some(test => test(element, root, meter));
    }
    case "and": {
      const tests = filter.tests.map(test => compileFilter(test, compilePath));
      return (element, root, meter) => tests.every(test => test(element, root, meter));
    }
    case "not": {
      const test = compileFilter(filter.test, compilePath);
      return (element, root, meter) => !test(element, root, meter);
    }
    case "exists": {
      const read = compileOperand(filter.path, compilePath);
      const finds = filter.path.path.definite ? isPresent : isFilled;
      return (element, root, meter) => {
        meter.spend(1);
        return finds(read(element, root, meter));
      };
    }
    case "call": {
      const read = compileOperand(filter.call, compilePath);
      return (element, root, meter) => {
        meter.spend(1);
        return read(element, root, meter) === true;
      };
    }
    case "match": {
      const left = compileOperand(filter.left, compilePath);
      const matches = compilePattern(filter.pattern.source, filter.pattern.flags, "whole");
      return (element, root, meter) => {
        const value = left(element, root, meter);
        meter.spend(1);
        return (typeof value === "string" || isNumber(value)) && matches(String(value), meter);
      };
    }
    default: {
      const test = filter.kind === "test" ? filterTests[filter.operator] : comparisons[filter.operator];
      const left = compileOperand(filter.left, compilePath);
      const right = compileOperand(filter.right, compilePath);
      return (element, root, meter) => {
        meter.spend(1);
        return test(left(element, root, meter), right(element, root, meter), meter);
      };
    }
  }
}

function isPresent(found: unknown): boolean {
  return found !== undefined;
}

function isFilled(found: unknown): boolean {
  return Array.isArray(found) && found.length > 0;
}
