import { isJsonObject } from "../../base/json-object.ts";
import type {
  FilterCall,
  FilterFunction,
  JsonPath,
  JsonPathOperand,
  ListOperand,
} from "../../language/expression/json-path-steps.ts";
import { compilePattern, createPatternCache, type Extent, withoutLineEnds } from "./compile-pattern.ts";
import type { StepMeter } from "./step-meter.ts";

/**
 * A function that reads the values of a path: `undefined` if a definite one finds none, an array for an indefinite one.
 * `root` is the whole document.
 */
export type PathReader = (start: unknown, root: unknown, meter: StepMeter) => unknown;

/** A function that compiles a path inside a path. */
export type CompilePath = (path: JsonPath) => PathReader;

/** Compiles an operand of a filter or an argument of a function. */
export function compileOperand(operand: JsonPathOperand | ListOperand, compilePath: CompilePath): PathReader {
  if (operand.kind === "literal") return () => operand.value;
  if (operand.kind === "list") return () => operand.values;
  if (operand.kind === "call") return functions[operand.name](operand, compilePath);
  const read = compilePath(operand.path);
  return operand.from === "root" ? (_, root, meter) => read(root, root, meter) : read;
}

/** The functions of filters by name (RFC 9535, 2.4). Their results are `undefined` where these are nothing. */
const functions: Readonly<Record<FilterFunction, (call: FilterCall, compilePath: CompilePath) => PathReader>> = {
  length({ args }, compilePath) {
    const read = compileArgument(args, 0, compilePath);
    return (start, root, meter) => lengthOf(read(start, root, meter), meter);
  },
  count({ args }, compilePath) {
    const read = compileNodes(args, compilePath);
    return (start, root, meter) => read(start, root, meter).length;
  },
  value({ args }, compilePath) {
    const read = compileNodes(args, compilePath);
    return (start, root, meter) => {
      const nodes = read(start, root, meter);
      return nodes.length === 1 ? nodes[0] : undefined;
    };
  },
  match: (call, compilePath) => compileMatch(call, compilePath, "whole"),
  search: (call, compilePath) => compileMatch(call, compilePath, "part"),
};

function compileArgument(args: readonly JsonPathOperand[], index: number, compilePath: CompilePath): PathReader {
  return compileOperand(args[index] as JsonPathOperand, compilePath);
}

/** Compiles an argument that is a path into a reader of all that it finds. */
function compileNodes(
  args: readonly JsonPathOperand[],
  compilePath: CompilePath,
): (start: unknown, root: unknown, meter: StepMeter) => readonly unknown[] {
  const [arg] = args;
  if (arg?.kind !== "path") throw new TypeError("The argument is not a path");
  const read = compileOperand(arg, compilePath);
  return (start, root, meter) => {
    const found = read(start, root, meter);
    if (found === undefined) return [];
    return arg.path.definite ? [found] : (found as readonly unknown[]);
  };
}

/** Returns the code points of a text, the elements of a list or the members of an object. */
function lengthOf(value: unknown, meter: StepMeter): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (isJsonObject(value)) return Object.keys(value).length;
  if (typeof value !== "string") return undefined;
  meter.spend(value.length >> 4);
  let { length } = value;
  for (let index = 1; index < value.length; index++) if (isSurrogatePair(value, index)) length--;
  return length;
}

/** Tells whether the unit at an index and the one before it are one code point. */
function isSurrogatePair(text: string, index: number): boolean {
  return isBetween(text.charCodeAt(index), 0xdc00, 0xe000) && isBetween(text.charCodeAt(index - 1), 0xd800, 0xdc00);
}

function isBetween(code: number, first: number, end: number): boolean {
  return code >= first && code < end;
}

function compileMatch({ args }: FilterCall, compilePath: CompilePath, extent: Extent): PathReader {
  const readText = compileArgument(args, 0, compilePath);
  const [, pattern] = args;
  if (pattern?.kind === "literal") {
    if (typeof pattern.value !== "string") return () => false;
    const matches = compilePattern(withoutLineEnds(pattern.value), "", extent);
    return (start, root, meter) => {
      const text = readText(start, root, meter);
      return typeof text === "string" && matches(text, meter);
    };
  }
  const readPattern = compileArgument(args, 1, compilePath);
  const matches = createPatternCache(extent);
  return (start, root, meter) => {
    const text = readText(start, root, meter);
    const wanted = readPattern(start, root, meter);
    return typeof text === "string" && typeof wanted === "string" && matches(text, wanted, meter);
  };
}
