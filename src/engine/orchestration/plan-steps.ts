import type { Step, StepPath, Unit, UnitWork, WithEntry } from "../../language/model/exposed/types.ts";
import type { BodyNode, Operation } from "../../language/model/types.ts";
import { isSafeMethod } from "../../net/layers/safe-method.ts";
import { compileFilter } from "../outputs/compile-filter.ts";
import { compileReader } from "../outputs/compile-json-path.ts";
import { StepMeter } from "../outputs/step-meter.ts";
import { compileArguments, type MakeInputs } from "./compile-arguments.ts";
import { compileMappings } from "./compile-mappings.ts";
import { compileScopeValue, type PlacedValue, type ReadScope, type Scope } from "./scope.ts";
import { compileStepOutput } from "./step-output.ts";

/** The steps of a unit, compiled once and run many times. */
export interface StepsPlan {
  readonly unit: Unit;
  /** Values of the unit's own `with`, which all steps can refer to. */
  readonly makeInputs: MakeInputs | undefined;
  /** In the order of the file. */
  readonly steps: readonly StepPlan[];
  readonly makeResult: (scope: Scope) => unknown;
}

export interface StepPlan {
  readonly step: Step;
  readonly index: number;
  /** The steps whose outputs it sees. */
  readonly uses: readonly number[];
  /** The steps that it begins after: those, and others whose effect it may depend on. */
  readonly after: readonly number[];
  readonly makeInputs: MakeInputs;
  /** Reads the value of a look-up, or the items of `x-forEach`. */
  readonly searched: ReadScope;
  readonly items: ReadScope | undefined;
  readonly holds: ((scope: Scope) => boolean) | undefined;
  readonly output: ReturnType<typeof compileStepOutput>;
  /** Inputs of its call, by key, that an output of another step fills. */
  readonly ofSteps: ReadonlySet<string>;
  /** Whether its call changes nothing. */
  readonly isSafe: boolean;
}

/** Compiles steps. */
export function planSteps(unit: Unit, work: Extract<UnitWork, { readonly kind: "steps" }>): StepsPlan {
  const { steps, mappings, with: entries } = work;
  const places = new Map(steps.map(({ name }, index) => [name, index]));
  const safe = steps.map(step => step.type !== "call" || isSafeMethod(step.operation.method));
  return {
    unit,
    makeInputs: entries.length === 0 ? undefined : compileArguments(entries),
    steps: steps.map((step, index) => {
      const uses = step.uses.map(name => places.get(name) ?? index).filter(place => place < index);
      return {
        step,
        index,
        uses,
        after: [...new Set([...uses, ...effectsBefore(step, index, safe)])],
        makeInputs: compileArguments(withOf(step)),
        searched: step.type === "lookup" ? compileScopeValue(step.value) : () => undefined,
        items: step.forEach && compileScopeValue(step.forEach.items),
        holds: compileCondition(step),
        output: compileStepOutput(step.type === "call" ? step.operation : WITHOUT_OUTPUTS),
        ofSteps: new Set(withOf(step).flatMap(({ name, value }) => (isOfStep(value, step) ? name : []))),
        isSafe: safe[index] ?? true,
      };
    }),
    makeResult: compileMappings(mappings),
  };
}

const WITHOUT_OUTPUTS: Pick<Operation, "outputs"> = { outputs: undefined };

/** Lists the values of the file that steps take: those of the unit, then those of each step. */
export function valuesOf({ with: entries, steps }: Extract<UnitWork, { readonly kind: "steps" }>): PlacedValue[] {
  return [...entries, ...steps.flatMap(valuesOfStep)];
}

function valuesOfStep(step: Step): PlacedValue[] {
  const { forEach, pointer } = step;
  const items = forEach === undefined ? [] : [{ value: forEach.items, pointer: `${pointer}/x-forEach` }];
  const searched = step.type === "lookup" ? [{ value: step.value, pointer: `${pointer}/lookupValue` }] : [];
  return [...items, ...searched, ...withOf(step)];
}

function withOf(step: Step): readonly WithEntry[] {
  return step.type === "lookup" ? [] : step.with;
}

/**
 * Returns the steps that a step waits for though it does not refer to them: a call that changes something begins when all
 * before it have succeeded, and each call after it sees what it has changed.
 */
function effectsBefore({ type }: Step, index: number, safe: readonly boolean[]): number[] {
  if (type !== "call") return [];
  const before = safe.slice(0, index).keys();
  return safe[index] ? [...before].filter(place => !safe[place]) : [...before];
}

function compileCondition({ name, condition }: Step): StepPlan["holds"] {
  if (condition === undefined) return undefined;
  const passes = compileFilter(condition, compileReader);
  return ({ inputs, steps }) => {
    const root = Object.fromEntries(inputs);
    return passes(root, root, new StepMeter(`x-if of ${name}`, steps));
  };
}

/** Tells whether a value comes from another step, or from an item of such a value. */
function isOfStep(value: WithEntry["value"], step: Step): boolean {
  const { uses, forEach } = step;
  const isOther = (name: string) =>
    uses.includes(name) || (forEach?.as === name && isOfStep(forEach.items, { ...step, forEach: undefined }));
  switch (value.kind) {
    case "path":
      return true;
    case "input":
      return isOther(value.name);
    default:
      return inputNames(value).some(isOther);
  }
}

function inputNames(node: Exclude<WithEntry["value"], StepPath | { readonly kind: "input" }>): string[] {
  switch (node.kind) {
    case "constant":
      return [];
    case "text":
    case "value":
      return node.template.parts.flatMap(part => (typeof part === "object" && part.kind === "input" ? part.name : []));
    case "array":
      return node.items.flatMap(inputNames);
    case "object":
      return node.members.flatMap(([, member]: readonly [unknown, BodyNode]) => inputNames(member));
  }
}
