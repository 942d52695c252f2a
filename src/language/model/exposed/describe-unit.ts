import type { InputType } from "../../document/input-schema.ts";
import { describedSchema } from "../describe-operation.ts";
import { listUnits } from "./find-unit.ts";
import type { ExposedModel, Shape, Step, Unit, UnitHints, UnitInput, UnitWork } from "./types.ts";

/** Description of something that a capability exposes, for its callers. */
export interface UnitDescription {
  /** `namespace.name` */
  readonly reference: string;
  readonly name: string;
  /** Of the server or aggregate that has it. */
  readonly namespace: string;
  readonly kind: Unit["kind"];
  /** Method and path of a REST operation. */
  readonly route?: string;
  readonly label?: string;
  readonly description?: string;
  /** Those that a caller may give, in the order of the file. */
  readonly inputs: readonly UnitInputDescription[];
  /** `call`: one call of `operation`. `function`: what `function` does. `mock`: it answers with values of the file. */
  readonly work: UnitWork["kind"];
  /** Reference of the operation that it calls. */
  readonly operation?: string;
  /** Reference of the function that it refers to. */
  readonly function?: string;
  /** In the order of the file. */
  readonly steps?: readonly StepDescription[];
  /** What it makes of the answer. Absent: the decoded body, or the result of the steps, is the answer. */
  readonly outputs?: readonly OutputDescription[];
  readonly hints?: UnitHints;
}

export interface UnitInputDescription {
  readonly name: string;
  /** Where a REST operation reads it. */
  readonly in?: NonNullable<UnitInput["in"]>;
  /** `any` if the file declares none. */
  readonly type: InputType;
  readonly required: boolean;
  readonly description?: string;
  /** JSON Schema (2020-12) of the value, if the file has one. */
  readonly schema?: unknown;
}

export interface StepDescription {
  readonly name: string;
  readonly type: Step["type"];
  /** Reference of the operation that it calls. */
  readonly operation?: string;
  /** Name of the step whose output a look-up searches. */
  readonly index?: string;
  /** File of a script. */
  readonly file?: string;
  /** Names of the earlier steps whose outputs it takes. */
  readonly uses: readonly string[];
}

export interface OutputDescription {
  readonly name?: string;
  readonly type: string;
  /** JSONPath that finds its value. */
  readonly mapping?: string;
  readonly properties?: Readonly<Record<string, OutputDescription>>;
  readonly items?: OutputDescription;
}

/** @param route method and path of a REST operation */
export function describeUnit(unit: Unit, route?: string): UnitDescription {
  const { reference, name, namespace, kind, label, description, inputs, work, outputs, hints } = unit;
  return {
    reference,
    name,
    namespace,
    kind,
    ...(route === undefined ? {} : { route }),
    ...(label === undefined ? {} : { label }),
    ...(description ? { description } : {}),
    inputs: [...inputs.values()].filter(({ constant }) => constant === undefined).map(describeInput),
    ...describeWork(work),
    ...(outputs === undefined ? {} : { outputs: outputs.map(describeShape) }),
    ...(Object.keys(hints).length === 0 ? {} : { hints }),
  };
}

/** Describes all that is exposed, by reference: functions, tools, REST operations. Of several, the first has it. */
export function describeExposed(exposed: ExposedModel): ReadonlyMap<string, UnitDescription> {
  const descriptions = new Map<string, UnitDescription>();
  for (const { unit, route } of listUnits(exposed))
    if (!descriptions.has(unit.reference)) descriptions.set(unit.reference, describeUnit(unit, route));
  return descriptions;
}

function describeInput(input: UnitInput): UnitInputDescription {
  const { name, in: place, type, required, description } = input;
  return {
    name,
    ...(place === undefined ? {} : { in: place }),
    type,
    required,
    ...(description ? { description } : {}),
    ...describedSchema(input),
  };
}

function describeWork(work: UnitWork): Pick<UnitDescription, "work" | "operation" | "function" | "steps"> {
  switch (work.kind) {
    case "call":
      return { work: work.kind, operation: work.operation.reference };
    case "function":
      return { work: work.kind, function: work.target.reference };
    case "steps":
      return { work: work.kind, steps: work.steps.map(describeStep) };
    case "mock":
      return { work: work.kind };
  }
}

export function describeStep(step: Step): StepDescription {
  const { name, type, uses } = step;
  switch (step.type) {
    case "call":
      return { name, type, operation: step.operation.reference, uses };
    case "lookup":
      return { name, type, index: step.index, uses };
    case "script":
      return { name, type, file: step.file, uses };
  }
}

function describeShape({ name, type, source, properties, items }: Shape): OutputDescription {
  return {
    ...(name === undefined ? {} : { name }),
    type,
    ...(source?.kind === "path" ? { mapping: source.path.text } : {}),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Array.from(properties, ([member, shape]) => [member, describeShape(shape)] as const),
          ),
        }),
    ...(items === undefined ? {} : { items: describeShape(items) }),
  };
}
