import { createRequire } from "node:module";
import type { JSONPath } from "jsonpath-plus";
import { CapabilityError } from "../../base/capability-error.ts";
import { isJsonObject, isObject } from "../../base/json-object.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import {
  isDefinite,
  isRelative,
  type JsonPathSelector,
  type JsonPathStep,
  type JsonPathType,
} from "../../language/expression/json-path-steps.ts";
import type { PathReader } from "./compile-operand.ts";
import type { StepMeter } from "./step-meter.ts";

/**
 * Compiles a path with `^`, `~` or a type, which JSONPath Plus evaluates. It evaluates no code, and it does not count its
 * steps: the most that it may take are counted beforehand.
 */
export function compileRelative(
  steps: readonly JsonPathStep[],
  definiteReader: (steps: readonly JsonPathStep[]) => (value: unknown) => unknown,
): PathReader {
  const { JSONPath } = loadEngine();
  const path = `$${steps.map(written).join("")}`;
  const last = steps.at(-1);
  const isOfType = last?.kind === "type" ? types[last.type] : () => false;
  // A missing definite prefix gives null (language chapter 6.2).
  const end = steps.findIndex(step => isRelative(step) || !isDefinite(step));
  const prefix = definiteReader(steps.slice(0, end));
  const isOfMany = !isRelative(steps[end] as JsonPathStep);
  const definite = steps.every(isDefinite);
  const cost = costOf(steps);
  return (start, _, meter) => {
    if (!isObject(start)) return undefined;
    const before = prefix(start);
    if (before === undefined || (before === null && isOfMany)) return undefined;
    meter.spend(cost(countValues(start, meter)));
    try {
      const found = JSONPath({ path, json: start, wrap: true, eval: false, otherTypeCallback: isOfType }) as unknown[];
      // The root has no name, for which JSONPath Plus finds null.
      const named = last?.kind === "key" ? found.filter(name => name !== null) : found;
      return definite ? named[0] : named;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new CapabilityError("RESPONSE_TOO_LARGE", {
        message: `Cannot evaluate ${path} on the answer: it nests too deep`,
        details: {},
        cause: error,
      });
    }
  };
}

/** Writes a step as JSONPath Plus reads it. A grave accent marks a name that means itself alone. */
function written(step: JsonPathStep): string {
  switch (step.kind) {
    case "member":
    case "index":
    case "slice":
    case "wildcard":
    case "filter":
      return `[${writtenSelector(step)}]`;
    case "union":
      return `[${step.selectors.map(writtenSelector).join(",")}]`;
    case "descendant":
      return "..";
    case "parent":
      return "^";
    case "key":
      return "~";
    case "type":
      return "@other()";
    default:
      throw new TypeError(`A ${step.kind} has no form for JSONPath Plus`);
  }
}

function writtenSelector(selector: JsonPathSelector): string {
  switch (selector.kind) {
    case "member":
      return `\`${selector.name}`;
    case "index":
      // A number would be a name too. The slice of one element is of lists alone.
      return selector.index === -1 ? "-1:" : `${selector.index}:${selector.index + 1}`;
    case "slice":
      return `${selector.start ?? ""}:${selector.end ?? ""}:${selector.step}`;
    case "wildcard":
      return "*";
    default:
      throw new TypeError(`A ${selector.kind} has no form for JSONPath Plus`);
  }
}

/** The types by name. A number may be one of those that a double cannot hold. */
const types: Readonly<Record<JsonPathType, (value: unknown) => boolean>> = {
  null: value => value === null,
  boolean: value => typeof value === "boolean",
  number: isNumber,
  integer: value => typeof value === "bigint" || Number.isInteger(value),
  nonFinite: value => typeof value === "number" && !Number.isFinite(value),
  string: value => typeof value === "string",
  scalar: value => !isObject(value),
  array: value => Array.isArray(value),
  object: value => isJsonObject(value),
};

/** Steps of a JSONPath Plus for each value that it visits: it copies the way to it. */
const STEPS_A_VALUE = 4;
/** Values that it moves in the time of a step, where it puts those found behind `^` in their places. */
const MOVES_A_STEP = 100;

/** Returns the most steps that a path takes, by the number of values in a document. */
function costOf(steps: readonly JsonPathStep[]): (values: number) => number {
  const descents = steps.filter(({ kind }) => kind === "descendant").length;
  // Each `^` may find one list as often as it has elements, and what is behind it does its work again for each.
  const again = steps.filter(({ kind }, index) => kind === "parent" && steps.slice(index).some(fansOut)).length;
  const moves = steps.some(({ kind }, index) => kind === "parent" && steps[index + 1] !== undefined);
  const repeats = steps.reduce((times, step) => (step.kind === "union" ? times * step.selectors.length : times), 1);
  const power = Math.max(1, descents) + again;
  return values => STEPS_A_VALUE * repeats * values ** power + (moves ? (repeats * values) ** 2 / MOVES_A_STEP : 0);
}

function fansOut({ kind }: JsonPathStep): boolean {
  return kind === "wildcard" || kind === "slice" || kind === "union" || kind === "descendant";
}

/** Counts the values of a document, without recursion. */
function countValues(start: object, meter: StepMeter): number {
  let count = 1;
  const open: object[] = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    count += values.length;
    meter.spend(values.length);
    for (const value of values) if (isObject(value)) open.push(value);
  }
  return count;
}

/** Loads JSONPath Plus with the first path that needs it, as a pattern loads its engine. */
function loadEngine(): { readonly JSONPath: typeof JSONPath } {
  try {
    return require("jsonpath-plus");
  } catch {
    return createRequire(import.meta.url)("jsonpath-plus");
  }
}
