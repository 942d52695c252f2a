import { getOrSet } from "../../base/get-or-set.ts";
import { parseJson } from "../../base/parse-json.ts";
import { setMember } from "../../base/set-member.ts";
import type { BinaryValue } from "../../engine/request/binary-value.ts";
import type { DeclaredInputs, Inputs } from "../../engine/request/check-inputs.ts";
import { declaredContentType } from "../../engine/request/content-type.ts";
import { inputInvalid } from "../../engine/request/input-error.ts";
import { readText, type TextForm, textForm } from "../../engine/request/read-text.ts";
import type { InvalidValue } from "../../engine/request/scalar-text.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";
import { ValueReader } from "./value-reader.ts";

/** Operation, or something exposed, as far as its inputs are read. */
export type AskedInputs = DeclaredInputs & Pick<Operation, "body">;

/**
 * Reads the inputs of a command line. Finds their texts, also in files and on standard input; the engine converts them to
 * values.
 *
 * @throws CapabilityError `INPUT_INVALID`, `USAGE`
 */
export async function readInputs(
  operation: AskedInputs,
  { inputs, inputsJson }: Pick<RunArguments, "inputs" | "inputsJson">,
  context: CommandContext,
): Promise<Inputs> {
  const reader = new ValueReader(context);
  const values = inputsJson === undefined ? {} : await readInputsJson(inputsJson, reader);
  const given = new Map<string, (string | true)[]>();
  for (const [name, text] of inputs) getOrSet(given, name, () => []).push(text);
  const contentType = declaredContentType(operation, { ...values, ...Object.fromEntries(inputs) });
  for (const [name, texts] of given) {
    setMember(values, name, await readInput({ operation, contentType }, name, texts, reader));
  }
  return values;
}

async function readInputsJson(argument: string, reader: ValueReader): Promise<Record<string, unknown>> {
  const fail = (problem: string) => usageError(`Cannot read --inputs: ${problem}`);
  // A JSON object never starts with "@" or "-", so the rules of a value hold here too.
  const parsed = parseJson(await reader.text(argument, fail), "written");
  if (!parsed.ok) throw fail(`not JSON: ${parsed.reason}`);
  const { value } = parsed;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw fail("not a JSON object");
}

/** Operation, and the content type of its body from a header parameter. */
interface Place {
  readonly operation: AskedInputs;
  readonly contentType: string | undefined;
}

async function readInput(
  { operation, contentType }: Place,
  name: string,
  texts: readonly (string | true)[],
  reader: ValueReader,
): Promise<unknown> {
  const input = operation.inputs.get(name);
  const fail = (problem: string) => inputInvalid(operation, name, problem);
  const isOnly = texts.length === 1;
  const form = input === undefined ? "value" : textForm(operation, input, contentType);
  const values: unknown[] = [];
  for (const text of texts) {
    if (text === true && input !== undefined && input.type !== "boolean") {
      throw fail(`has no value; write --${name} <value>, or --${name}=<value> for one that starts with "--"`);
    }
    if (input === undefined || text === true) {
      values.push(text);
      continue;
    }
    const content = await readContent(input, form, text, reader, fail);
    const notJson = (problem: string) => fail(problem + (input.type === "array" ? arrayHint(name) : ""));
    values.push(typeof content === "string" ? readText(input, form, content, isOnly, notJson) : content);
  }
  return isOnly ? values[0] : values;
}

function readContent(
  { in: location }: Input,
  form: TextForm,
  text: string,
  reader: ValueReader,
  fail: InvalidValue,
): Promise<string | BinaryValue> {
  switch (form) {
    case "part":
      return reader.content(text, fail);
    case "body":
      return reader.bytes(text, fail);
    case "value":
      return reader.text(text, fail, location !== "body");
  }
}

function arrayHint(name: string): string {
  return `; repeat --${name} for several values, or write ["a","b"]`;
}
