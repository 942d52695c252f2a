import { type CapabilityError, changeError, isCapabilityError } from "../../../base/capability-error.ts";
import type { JsonObject } from "../../../base/json-object.ts";
import { declaredInputs, planInputs } from "../../../engine/orchestration/unit-inputs.ts";
import type { Inputs } from "../../../engine/request/check-inputs.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { ScopeValue, Unit, WithEntry } from "../../../language/model/exposed/types.ts";
import { agentText } from "../../../tools/agent-text.ts";
import { type InputError, isInputError } from "../../../tools/argument-faults.ts";
import { argumentNames } from "../../../tools/argument-names.ts";
import type { Arguments } from "../../../tools/arguments.ts";

/** Longest description of an argument that the file declares, in characters. */
const LONGEST_DESCRIPTION = 4_000;

/** Returns the arguments of a unit, by the names that agents have for them. Those that the file fixes are none. */
export function unitArguments(unit: Unit): Arguments {
  const open = [...declaredInputs(unit).inputs.values()].filter(({ key }) => !isFixed(unit, key));
  const names = argumentNames(open.map(({ key }) => key));
  return new Map(open.map((input, index) => [names[index] ?? input.key, input]));
}

function isFixed({ inputs }: Unit, key: string): boolean {
  return inputs.get(key)?.constant !== undefined;
}

/**
 * Returns the schema of the inputs as the file writes it, and nothing more. `undefined` where the file does not declare
 * each of them, in the unit or in the function that it refers to.
 */
export function writtenSchema({ inputs }: Unit): JsonObject | undefined {
  const open = [...inputs.values()].filter(({ constant }) => constant === undefined);
  if (!open.every(({ pointer }) => DECLARED.test(pointer))) return undefined;
  const required = open.filter(input => input.required).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      open.map(({ name, type, description }) => [
        name,
        {
          ...(type === "any" ? {} : { type }),
          ...(description ? { description: agentText(description, LONGEST_DESCRIPTION) } : {}),
        },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** Pointers to inputs of what is exposed, and not of consumed operations. */
const DECLARED = /^(?:\/capability)?\/(?:exposes|aggregates)\/.*\/inputParameters\/\d+$/;

/**
 * Checks inputs of a unit as a call of it does before anything is sent. Sends nothing.
 *
 * @throws InputError by the names of the unit's inputs
 */
export async function checkUnitInputs(runtime: Runtime, unit: Unit, inputs: Inputs): Promise<void> {
  if (resolvedWork(unit).kind !== "call") {
    const { surroundings, settings } = runtime.opening;
    const read = await planInputs(unit, surroundings.numbers ?? settings.largeIntegers);
    read(inputs);
    return;
  }
  const { operation, inputs: given } = await runtime.callOf(unit, inputs, {});
  try {
    await runtime.prepare(operation.reference, given, {});
  } catch (error) {
    throw isInputError(error) ? named(error, givenBy(unit)) : error;
  }
}

/** Returns the inputs of a unit by those of the operation that it calls, where one gives the other alone. */
function givenBy({ work }: Unit): ReadonlyMap<string, string> {
  if (work.kind === "call") return soleInputs(work.with);
  if (work.kind !== "function") return new Map();
  const own = soleInputs(work.with);
  const called = givenBy(work.target);
  return new Map(Array.from(called, ([key, name]) => [key, own.get(name) ?? name]));
}

function soleInputs(entries: readonly WithEntry[]): Map<string, string> {
  return new Map(
    entries.flatMap(({ name, value }) => {
      const input = soleInput(value);
      return input === undefined ? [] : [[name, input] as const];
    }),
  );
}

function soleInput(value: ScopeValue): string | undefined {
  if (value.kind === "input") return value.name;
  if (value.kind !== "value") return undefined;
  const [part] = value.template.parts;
  return typeof part === "object" && part.kind === "input" && part.members.length === 0 ? part.name : undefined;
}

function named(error: InputError, names: ReadonlyMap<string, string>): CapabilityError {
  const nameOf = (key: string) => names.get(key) ?? key;
  if (isCapabilityError(error, "INPUT_MISSING"))
    return changeError(error, { details: { ...error.details, inputs: error.details.inputs.map(nameOf) } });
  const { details } = error as CapabilityError<"INPUT_INVALID">;
  const { input, inputs = [input], problems } = details;
  const found = problems ?? [endOf(error.message, input)];
  const renamed = { ...details, input: nameOf(input), inputs: inputs.map(nameOf), problems: found };
  return changeError(error as CapabilityError<"INPUT_INVALID">, { details: renamed });
}

/** Returns the part of a message behind the name of the input. */
function endOf(message: string, input: string): string {
  const start = `input ${JSON.stringify(input)} `;
  const at = message.indexOf(start);
  return at < 0 ? message : message.slice(at + start.length);
}
