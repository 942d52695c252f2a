import { CapabilityError } from "../../base/capability-error.ts";
import type { FilterOperand, JsonPathFilter, PatternOperand } from "../../language/expression/json-path-steps.ts";
import { type CompilePath, compileOperand, type PathReader } from "./compile-operand.ts";
import { compileFilterExpression } from "./filter-expression.ts";
import { filterTests } from "./filter-tests.ts";
import type { StepMeter } from "./step-meter.ts";

/** A function that returns whether an element passes a filter. `root` is the whole document. */
type FilterTest = (element: unknown, root: unknown, meter: StepMeter) => boolean;

/** Compiles a filter: operators between operands, which are read when an operator needs them. */
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
 * Makes a value comparable. Missing values and structures become NaN, which equals nothing and is neither less nor
 * greater: JavaScript would compare an object as text, by methods that an API may have sent.
 */
function comparable(found: unknown): unknown {
  return found === undefined || (typeof found === "object" && found !== null) ? Number.NaN : found;
}

/** Limit of the compiled instructions of a pattern: nested repetitions multiply. */
const MAX_INSTRUCTIONS = 1_000;

/** Instructions for a character that the engine executes in the time of a step. */
const INSTRUCTIONS_A_STEP = 5;

/**
 * Compiles a pattern of `=~`, which must match the whole of a text or a number. The engine is RE2, which takes time in
 * proportion to the text, whatever a file or an API sends.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` for syntax that the engine does not have
 */
async function compileMatch({ source, flags }: PatternOperand): Promise<(value: unknown, meter: StepMeter) => boolean> {
  const { RE2JS } = await import("re2js");
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  try {
    const pattern = RE2JS.compile(source, bits);
    const instructions = pattern.programSize();
    if (instructions > MAX_INSTRUCTIONS) throw new RangeError("it is too large when its repetitions are written out");
    return (value, meter) => {
      if (typeof value !== "string" && typeof value !== "number") return false;
      const text = String(value);
      meter.spend(1 + Math.ceil((text.length * instructions) / INSTRUCTIONS_A_STEP));
      return pattern.matches(text);
    };
  } catch (cause) {
    throw new CapabilityError("CAPABILITY_INVALID", {
      message: `Cannot use the pattern /${source}/ of a filter: ${(cause as Error).message}`,
      details: { diagnostics: [], omitted: 0 },
      cause,
    });
  }
}
