import type { FilterOperand, JsonPath, JsonPathFilter } from "../expression/json-path-steps.ts";

/** Tells whether an element passes a filter. `root` is the whole document. */
export type FilterTest = (element: unknown, root: unknown) => boolean;

/** Reads what a path finds: `undefined` for a definite one that finds nothing, an array for an indefinite one. */
export type PathReader = (start: unknown, root: unknown) => unknown;

/**
 * Compiles a filter. The operands are read by our own accessors; jsonpath-plus evaluates only the operators between
 * them, in the interpreter it calls safe. Whatever a file or an API writes, that interpreter sees plain values under
 * the names `_0`, `_1`, … and has nothing to call and no object to reach into.
 */
export async function compileFilter(
  { expression, operands }: JsonPathFilter,
  compilePath: (path: JsonPath) => Promise<PathReader>,
): Promise<FilterTest> {
  const { JSONPath } = await import("jsonpath-plus");
  const readers = await Promise.all(operands.map(operand => compileOperand(operand, compilePath)));
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

async function compileOperand(
  operand: FilterOperand,
  compilePath: (path: JsonPath) => Promise<PathReader>,
): Promise<PathReader> {
  if (operand.kind === "literal") return () => operand.value;
  const read = await compilePath(operand.path);
  const start: PathReader = operand.from === "root" ? (_, root) => root : element => element;
  if (!operand.exists) return (element, root) => comparable(read(start(element, root), root));
  const finds = operand.path.definite ? isPresent : isFilled;
  return (element, root) => finds(read(start(element, root), root));
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
