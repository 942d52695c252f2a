import { type CapabilityError, isCapabilityError } from "../base/capability-error.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import type { Input } from "../language/model/types.ts";
import { agentLine } from "./agent-text.ts";
import { placeOf } from "./argument-place.ts";
import type { Arguments, Unknown } from "./arguments.ts";
import { problemAnswer } from "./problem-answer.ts";
import type { ToolAnswer } from "./tool.ts";

/** Most names of arguments that are listed. */
const MOST_NAMES = 40;
/** Most faults that are told, and times that the inputs are checked for them. */
const MOST_FAULTS = 20;
const LONGEST_FAULT = 600;

/** An error about inputs: something that the caller has given, or has not. */
export type InputError = CapabilityError<"INPUT_INVALID" | "INPUT_MISSING">;

export function isInputError(error: unknown): error is InputError {
  return isCapabilityError(error, "INPUT_INVALID") || isCapabilityError(error, "INPUT_MISSING");
}

/** The arguments of a call that cannot be made. */
interface WrongCall {
  /** Name of the tool. */
  readonly tool: string;
  readonly declared: Arguments;
  readonly unknown: readonly Unknown[];
  /** Values by input key. */
  readonly inputs: Inputs;
  /** Checks inputs, and sends nothing. Rejects with an {@link InputError} for what is wrong with them. */
  readonly check: (inputs: Inputs) => Promise<unknown>;
}

/**
 * Tells an agent everything that is wrong with its arguments. The inputs are checked again and again, without what is
 * known to be wrong: one check ends with the first kind of fault.
 */
export async function wrongArguments({ tool, declared, unknown, inputs, check }: WrongCall): Promise<ToolAnswer> {
  const faults = unknown.slice(0, MOST_FAULTS).map(([name, value]) => {
    return `${quoted(name)}: there is no such argument${placeOf(name, value, declared)}`;
  });
  const byKey = new Map(Array.from(declared, ([name, input]) => [input.key, { name, input }]));
  const told = new Set<string>();
  const unset: string[] = [];
  let rest = inputs;
  while (faults.length < MOST_FAULTS) {
    const error = await check(rest).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isInputError(error)) break;
    const found = problemsOf(error).filter(({ key }) => !told.has(key));
    if (found.length === 0) break;
    for (const { key, problem } of found) {
      const { name, input } = byKey.get(key) ?? {};
      told.add(key);
      if (name === undefined) unset.push(key);
      else faults.push(`${quoted(name)}: ${problem ?? `it is required, and missing${expected(input)}`}`);
      rest = replaced(rest, key, input ?? CLOSED);
    }
  }
  const texts = faults.length > 0 || unset.length === 0 ? [textOf(tool, declared, faults)] : [];
  if (unset.length > 0) texts.push(unsetText(tool, unset));
  return problemAnswer(...texts);
}

/** Stands for an input that no agent fills. */
const CLOSED = { type: "string", required: true } as const;

/** Tells of inputs that only the operator fills: mostly placeholders of the base URI. */
function unsetText(tool: string, unset: readonly string[]): string {
  const names = agentLine(unset.map(quoted).join(", "), LONGEST_FAULT);
  const values = unset.length === 1 ? "no value" : "no values";
  return `Nothing was sent: ${tool} needs ${names}, which ${unset.length === 1 ? "has" : "have"} ${values}. The operator of this server sets the address of the API by --base-uri; no argument can.`;
}

/** Tells an agent that what it gave is no object of arguments. */
export function noArguments(tool: string, declared: Arguments): ToolAnswer {
  return problemAnswer(textOf(tool, declared, ["arguments are an object of values by name"]));
}

function textOf(tool: string, declared: Arguments, faults: readonly string[]): string {
  const shown = faults.map(fault => `- ${agentLine(fault, LONGEST_FAULT)}`);
  return [`Nothing was sent: the arguments of ${tool} are wrong.`, ...shown, known(declared)].join("\n");
}

function known(declared: Arguments): string {
  if (declared.size === 0) return "It takes no arguments.";
  const all = Array.from(declared, ([name, input]) => `${name} (${input.type}${input.required ? ", required" : ""})`);
  const more = all.length > MOST_NAMES ? `, and ${all.length - MOST_NAMES} more` : "";
  return `Its arguments: ${all.slice(0, MOST_NAMES).join(", ")}${more}`;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function expected(input: Input | undefined): string {
  return input === undefined || input.type === "any" ? "" : ` (${input.type})`;
}

interface Problem {
  readonly key: string;
  /** `undefined`: the input is missing. */
  readonly problem: string | undefined;
}

function problemsOf(error: InputError): readonly Problem[] {
  if (isCapabilityError(error, "INPUT_MISSING")) return error.details.inputs.map(key => ({ key, problem: undefined }));
  const { input, inputs = [input], problems } = error.details as CapabilityError<"INPUT_INVALID">["details"];
  return inputs.map((key, index) => ({ key, problem: problems?.[index] ?? withoutStart(error.message, key) }));
}

/** Returns the part of a message behind the name of the input. */
function withoutStart(message: string, key: string): string {
  const start = `input ${JSON.stringify(key)} `;
  const at = message.indexOf(start);
  return at < 0 ? message : message.slice(at + start.length);
}

/** Values that pass where any of the type does. */
const standIns: Readonly<Record<string, unknown>> = { string: "x", any: "x", number: 1, integer: 1, boolean: true };

/** Returns inputs without one that is wrong or missing, or with another value for it where the call needs one. */
function replaced(inputs: Inputs, key: string, input: Pick<Input, "type" | "required">): Inputs {
  const others = Object.entries(inputs).filter(([name]) => name !== key);
  const standIn = input.required ? standIns[input.type] : undefined;
  return Object.fromEntries(standIn === undefined ? others : [...others, [key, standIn]]);
}
