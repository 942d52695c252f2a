import { checkInputs, type Inputs } from "../../../engine/request/check-inputs.ts";
import { NO_CHECKS } from "../../../engine/request/input-checks.ts";
import type { Input } from "../../../language/model/types.ts";
import { noArguments, wrongArguments } from "../../../tools/argument-faults.ts";
import { type Arguments, readArguments } from "../../../tools/arguments.ts";
import type { ToolAnswer } from "../../../tools/tool.ts";

/** An argument of one of our own tools. */
type OwnArgument = Pick<Input, "type" | "required">;

/** Declares the arguments of one of our own tools, so that they are checked as those of operations are. */
export function declareArguments(declared: Readonly<Record<string, OwnArgument>>): Arguments {
  return new Map(
    Object.entries(declared).map(([name, { type, required }]) => [
      name,
      { key: name, name, in: "template", type, required, pointer: "" },
    ]),
  );
}

/** Reads the arguments of one of our own tools, or makes the answer that tells what is wrong with them. */
export async function readOwnArguments(
  tool: string,
  declared: Arguments,
  given: unknown,
): Promise<{ readonly values: Inputs } | { readonly answer: ToolAnswer }> {
  const read = readArguments(declared, given);
  if (read === undefined) return { answer: noArguments(tool, declared) };
  const { inputs, unknown } = read;
  const operation = { name: tool, inputs: declared, parameters: [] };
  const check = async (some: Inputs) => checkInputs(operation, some, NO_CHECKS);
  try {
    if (unknown.length === 0) return { values: Object.fromEntries(await check(inputs)) };
  } catch {
    // The answer tells all of it.
  }
  return { answer: await wrongArguments({ tool, declared, unknown, inputs, check }) };
}
