import { parseDuration } from "../../../base/duration.ts";
import { isJsonObject } from "../../../base/json-object.ts";
import type * as Written from "../../document/document-types.ts";
import { parseJsonPathFilter } from "../../expression/json-path.ts";
import type { JsonPathFilter } from "../../expression/json-path-steps.ts";
import { allValues, callValues } from "./call-values.ts";
import type { ForEach, Mapping, Step, StepRetry } from "./types.ts";
import type { UnitContext } from "./unit-context.ts";
import { type ScopeNames, UnitScope } from "./unit-scope.ts";

interface StepsContext extends UnitContext {
  readonly names: ScopeNames;
  /** Folder of the file that declares the steps, where relative locations of scripts start. */
  readonly folder: string | undefined;
}

/** Compiles steps, each with the earlier steps that it refers to (language chapter 8). */
export function compileSteps(steps: readonly Written.Step[], context: StepsContext, pointer: string): readonly Step[] {
  return steps.map((step, index) => {
    const names = { ...context.names, steps: steps.slice(0, index).map(({ name, type }) => ({ name, type })) };
    return compileStep(step, { ...context, names }, `${pointer}/steps/${index}`);
  });
}

function compileStep(step: Written.Step, context: StepsContext, pointer: string): Step {
  const outer = new UnitScope(context.names, context.binds);
  const forEach = compileForEach(step, outer);
  const inputs = forEach === undefined ? context.names.inputs : new Set([...context.names.inputs, forEach.as]);
  const scope = new UnitScope({ ...context.names, inputs }, context.binds);
  const condition = conditionOf(step, scope);
  const work = workOf(step, scope, context, pointer);
  const order = new Map(context.names.steps.map(({ name }, index) => [name, index]));
  const uses = [...new Set([...outer.used, ...scope.used])];
  return {
    ...work,
    name: step.name,
    uses: uses.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
    condition,
    forEach,
    retry: retryOf(step["x-retry"]),
    timeoutMs: timeoutOf(step["x-timeout"]),
    continueOnError: step["x-continueOnError"] === true,
    pointer,
  };
}

type Base = "name" | "uses" | "condition" | "forEach" | "retry" | "timeoutMs" | "continueOnError" | "pointer";
type WorkOf<Each> = Each extends Step ? Omit<Each, Base> : never;

function workOf(step: Written.Step, scope: UnitScope, context: StepsContext, pointer: string): WorkOf<Step> {
  switch (step.type) {
    case "call": {
      const operation = context.calls.find(step.call);
      if (operation === undefined) throw new TypeError(`Unknown operation ${step.call}`);
      const target = { operation, closed: context.closedInputs(operation), binds: context.binds };
      return { type: "call", operation, with: callValues(step.with, target, scope, pointer) };
    }
    case "lookup":
      scope.useStep(step.index);
      return {
        type: "lookup",
        index: step.index,
        match: step.match,
        value: scope.searched(step, "lookupValue"),
        fields: step.outputParameters,
      };
    case "script": {
      // A script sees the outputs of all steps before it.
      scope.useAll();
      return {
        type: "script",
        language: step.language?.toLowerCase(),
        location: step.location,
        directory: context.folder,
        file: step.file,
        dependencies: step.dependencies ?? [],
        with: allValues(step.with, scope, pointer),
      };
    }
  }
}

function conditionOf(step: Written.Step, scope: UnitScope): JsonPathFilter | undefined {
  const written = step["x-if"];
  if (written === undefined || written === null) return undefined;
  const parsed = parseJsonPathFilter(written);
  if (!parsed.ok) throw new TypeError(`Invalid filter ${written}: ${parsed.reason}`);
  scope.useFilter(parsed.filter);
  return parsed.filter;
}

const CONCURRENCY = 10;
const MAXIMUM = 1_000;

function compileForEach(step: Written.Step, scope: UnitScope): ForEach | undefined {
  const written = step["x-forEach"];
  if (written === undefined || written === null) return undefined;
  const isWhole = isJsonObject(written) && Object.hasOwn(written, "items");
  const { as, concurrency, maximum } = (isWhole ? written : {}) as Readonly<Record<string, unknown>>;
  return {
    items: isWhole ? scope.searched(written, "items") : scope.searched(step, "x-forEach"),
    as: typeof as === "string" ? as : "item",
    concurrency: typeof concurrency === "number" ? concurrency : CONCURRENCY,
    maximum: typeof maximum === "number" ? maximum : MAXIMUM,
  };
}

function retryOf(written: unknown): StepRetry | undefined {
  if (typeof written === "number") return { attempts: written, delayMs: 0 };
  if (!isJsonObject(written)) return undefined;
  const { attempts, delay } = written;
  return { attempts: typeof attempts === "number" ? attempts : 1, delayMs: timeoutOf(delay) ?? 0 };
}

function timeoutOf(written: unknown): number | undefined {
  if (typeof written === "number") return written;
  return typeof written === "string" ? parseDuration(written) : undefined;
}

/** Compiles the members of the result of steps. */
export function compileMappings(
  mappings: readonly Written.Mapping[] | undefined,
  scope: UnitScope,
  pointer: string,
): readonly Mapping[] {
  return (mappings ?? []).map(({ targetName, value }, index) => ({
    target: targetName.split("."),
    value: scope.stepPath(value),
    pointer: `${pointer}/mappings/${index}`,
  }));
}
