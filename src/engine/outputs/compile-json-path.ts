import { isJsonObject, isObject } from "../../base/json-object.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";
import type { JsonPath, JsonPathStep } from "../../language/expression/json-path.ts";
import {
  type FunctionStep,
  isDefinite,
  isRelative,
  type JsonPathSelector,
} from "../../language/expression/json-path-steps.ts";
import { compileFilter } from "./compile-filter.ts";
import { compileOperand, type PathReader } from "./compile-operand.ts";
import { compileRelative } from "./compile-relative.ts";
import { jsonPathFunctions } from "./json-path-functions.ts";
import { type StepBudget, StepMeter } from "./step-meter.ts";

/**
 * A function that reads the result of a path: the value or `null` for a definite path, always an array for an indefinite
 * one. Its steps count against the budget, which paths may share.
 */
export type Accessor = (root: unknown, budget?: StepBudget) => unknown;

/** A function that appends the values that a step selects. Missing leaves are skipped, not padded. */
type Select = (value: unknown, found: unknown[], root: unknown, meter: StepMeter) => void;

/**
 * Compiles a path into plain loops over own members.
 *
 * @returns a function that throws CapabilityError `RESPONSE_TOO_LARGE` if the path takes too many steps
 */
export function compileJsonPath(path: JsonPath): Accessor {
  const find = compileFinder(path);
  return (root, budget) => find(root, budget) ?? null;
}

/** Compiles a path like {@link compileJsonPath}, but for a missing value, which is `undefined`: null may be there. */
export function compileFinder(path: JsonPath): Accessor {
  const { text, steps } = path;
  if (text === "") return () => undefined;
  const read = compileReader(path);
  // A path that only goes down is cheap, so its steps do not count.
  if (steps.every(({ kind }) => kind === "member" || kind === "index")) {
    const unused = new StepMeter(text);
    return root => read(root, root, unused);
  }
  return (root, budget) => read(root, root, new StepMeter(text, budget));
}

/** Compiles the steps of a path. */
export function compileReader({ steps }: Pick<JsonPath, "steps">): PathReader {
  const last = steps.at(-1);
  if (last?.kind === "function") return compileFunction(last, steps.slice(0, -1));
  if (steps.some(isRelative)) return compileRelative(steps, definiteReader);
  const end = steps.findIndex(step => !isDefinite(step));
  const prefix = definiteReader(end < 0 ? steps : steps.slice(0, end));
  if (end < 0) return prefix;
  const selects = stages(steps.slice(end)).map(([step, ...more]) => compileStep(step, emitter(more)));
  return (value, root, meter) => {
    const start = prefix(value);
    // A missing definite prefix gives null, a wildcard without matches gives [] (language chapter 6.2).
    if (start === undefined || start === null) return undefined;
    let found: unknown[] = [start];
    for (const select of selects) {
      const next: unknown[] = [];
      meter.spend(found.length);
      for (const item of found) select(item, next, root, meter);
      found = next;
    }
    return found;
  };
}

/** An indefinite step, and the definite ones behind it. */
type Stage = [JsonPathStep, ...JsonPathStep[]];

/** Divides steps, the first of which is indefinite: definite ones need no list of what the step before them found. */
function stages(steps: readonly JsonPathStep[]): readonly Stage[] {
  const found: Stage[] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (last !== undefined && isDefinite(step)) last.push(step);
    else found.push([step]);
  }
  return found;
}

/** A function that appends a value to those that are found, or what definite steps read of it. */
type Emit = (value: unknown, found: unknown[], meter: StepMeter) => void;

function emitter(steps: readonly JsonPathStep[]): Emit {
  if (steps.length === 0) return (value, found) => found.push(value);
  const read = definiteReader(steps);
  const more = steps.length - 1;
  return (value, found, meter) => {
    if (more > 0) meter.spend(more);
    const item = read(value);
    if (item !== undefined) found.push(item);
  };
}

/** Compiles a function of the values that the steps before it find: of each, or of all (language chapter 6.3). */
function compileFunction({ name, args, collects }: FunctionStep, steps: readonly JsonPathStep[]): PathReader {
  const apply = jsonPathFunctions[name];
  const read = compileReader({ steps });
  const readArgs = args.map(arg => compileOperand(arg, compileReader));
  const applyTo = (value: unknown, root: unknown, meter: StepMeter) => {
    const given = readArgs.map(readArg => readArg(value, root, meter));
    meter.spend(membersIn(value) + given.reduce((sum: number, arg) => sum + membersIn(arg), 0));
    return apply(value, given);
  };
  const isOfEach = !collects && !steps.every(isDefinite);
  return (start, root, meter) => {
    const found = read(start, root, meter);
    if (found === undefined || found === null) return undefined;
    return isOfEach ? (found as unknown[]).map(value => applyTo(value, root, meter)) : applyTo(found, root, meter);
  };
}

type SliceSelector = Extract<JsonPathSelector, { kind: "slice" }>;
type Getter = (value: unknown) => unknown;

/** Compiles definite steps. Their reader returns `undefined` if a value is missing. */
function definiteReader(steps: readonly JsonPathStep[]): Getter {
  const getters = steps.map(definiteStep);
  const [only] = getters;
  if (getters.length === 1 && only !== undefined) return only;
  return root => {
    let value = root;
    for (const get of getters) {
      value = get(value);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

function definiteStep(step: JsonPathStep): Getter {
  switch (step.kind) {
    case "member":
      return memberGetter(step.name);
    case "index":
      return value => (Array.isArray(value) ? value.at(step.index) : undefined);
    default:
      throw new TypeError(`A ${step.kind} step is not definite`);
  }
}

/** Returns a getter of an own member: a path must not reach a prototype. */
function memberGetter(name: string): Getter {
  // Lists have no other members that a name could mean.
  const mayBeOfList = name === "length" || /^\d/.test(name);
  return value => {
    if (typeof value !== "object" || value === null || (mayBeOfList && Array.isArray(value))) return undefined;
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  };
}

/** Compiles a step that may select several values. */
function compileStep(step: JsonPathStep, emit: Emit): Select {
  switch (step.kind) {
    case "wildcard":
      return selectAll(children, emit);
    case "slice":
      return selectAll(value => (Array.isArray(value) ? slice(value, step) : []), emit);
    case "union": {
      const selects = step.selectors.map(selector => compileStep(selector, emit));
      return (value, found, root, meter) => {
        meter.spend(selects.length);
        for (const select of selects) select(value, found, root, meter);
      };
    }
    case "descendant":
      return selectDescendants(emit);
    case "filter": {
      const passes = compileFilter(step.filter, compileReader);
      return (value, found, root, meter) => {
        for (const item of children(value)) if (passes(item, root, meter)) emit(item, found, meter);
      };
    }
    default: {
      const get = definiteStep(step);
      return (value, found, _, meter) => {
        const item = get(value);
        if (item !== undefined) emit(item, found, meter);
      };
    }
  }
}

/** Returns the elements of a slice (RFC 9535, 2.3.4.2.2). */
function slice(list: readonly unknown[], { start, end, step }: SliceSelector): readonly unknown[] {
  if (step === 1) return list.slice(start, end);
  const { length } = list;
  const found: unknown[] = [];
  if (step > 0) {
    const last = bound(end ?? length, 0, length);
    for (let index = bound(start ?? 0, 0, length); index < last; index += step) found.push(list[index]);
  } else if (step < 0) {
    const last = end === undefined ? -1 : bound(end, -1, length - 1);
    for (let index = bound(start ?? length - 1, -1, length - 1); index > last; index += step) found.push(list[index]);
  }
  return found;

  function bound(index: number, least: number, most: number): number {
    return Math.min(Math.max(index < 0 ? index + length : index, least), most);
  }
}

function selectAll(itemsOf: (value: unknown) => readonly unknown[], emit: Emit): Select {
  return (value, found, _, meter) => {
    const items = itemsOf(value);
    meter.spend(items.length);
    for (const item of items) emit(item, found, meter);
  };
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** Selects the value and all structures below it, parents first, without recursion. */
function selectDescendants(emit: Emit): Select {
  return (value, found, _, meter) => {
    const open: unknown[] = [value];
    while (open.length > 0) {
      const next = open.pop();
      if (!isObject(next)) continue;
      emit(next, found, meter);
      const below = children(next);
      meter.spend(below.length);
      for (let index = below.length - 1; index >= 0; index--) {
        const item = below[index];
        if (typeof item === "object") open.push(item);
      }
    }
  };
}

/** Returns the cost of copying a value into a list or a text: its members or characters. */
function membersIn(value: unknown): number {
  if (Array.isArray(value)) return textLengths(value);
  return isObject(value) ? children(value).length : textLength(value);
}

/** Returns the cost of a list whose texts a function joins. */
function textLengths(list: readonly unknown[]): number {
  let length = list.length;
  for (const item of list) length += textLength(item);
  return length;
}

/** Returns the characters of a text or about the digits of a large number, and 0 for what is short. */
function textLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  // Decimal digits would take the square of their number.
  if (typeof value === "bigint") return value.toString(16).length;
  return value instanceof ExactNumber ? value.json.length : 0;
}
