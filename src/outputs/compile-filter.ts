import type { FilterOperand, JsonPathFilter } from "../expression/json-path-steps.ts";
import { type CompilePath, compileOperand, type PathReader } from "./compile-operand.ts";
import { filterTests } from "./filter-tests.ts";

/** Tells whether an element passes a filter. `root` is the whole document. */
export type FilterTest = (element: unknown, root: unknown) => boolean;

/**
 * Compiles a filter. The operands are read, and all but comparisons tested, by our own code; jsonpath-plus evaluates only
 * the operators between them, in the interpreter it calls safe. Whatever a file or an API writes, that interpreter sees
 * plain values under the names `_0`, `_1`, … and has nothing to call and no object to reach into.
 */
export async function compileFilter(
  { expression, operands }: JsonPathFilter,
  compilePath: CompilePath,
): Promise<FilterTest> {
  const { JSONPath } = await import("jsonpath-plus");
  const readers = await Promise.all(operands.map(operand => compileFilterOperand(operand, compilePath)));
  const path = ["$", `?(${expression})`];
  // The list that is filtered stands for the element: its operands come through the sandbox.
  const json = [null];
  const engine = JSONPath({
    path,
    json,
    autostart: false,
    eval: "safe",
    wrap: true,
    ignoreEvalErrors: true,
  });
  return (element, root) => {
    const sandbox: Record<string, unknown> = {};
    for (const [index, read] of readers.entries()) sandbox[`_${index}`] = read(element, root);
    // The types of evaluate() lack the option.
    const query = { path, json, sandbox } as unknown as Parameters<typeof engine.evaluate>[0];
    return (engine.evaluate(query) as unknown[]).length > 0;
  };
}

async function compileFilterOperand(operand: FilterOperand, compilePath: CompilePath): Promise<PathReader> {
  switch (operand.kind) {
    case "exists": {
      const read = await compileOperand(operand.path, compilePath);
      const finds = operand.path.path.definite ? isPresent : isFilled;
      return (element, root) => finds(read(element, root));
    }
    case "test": {
      const test = filterTests[operand.operator];
      const left = await compileOperand(operand.left, compilePath);
      const right = await compileOperand(operand.right, compilePath);
      return (element, root) => test(left(element, root), right(element, root));
    }
    case "match": {
      const { compileMatch } = await import("./compile-match.ts");
      const left = await compileOperand(operand.left, compilePath);
      const matches = await compileMatch(operand.pattern);
      return (element, root) => matches(left(element, root));
    }
    default: {
      const read = await compileOperand(operand, compilePath);
      return (element, root) => comparable(read(element, root));
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
