import { parseJson } from "../../base/parse-json.ts";
import type { Inputs } from "../../engine/request/check-inputs.ts";
import { declaredContentType } from "../../engine/request/content-type.ts";
import { inputInvalid } from "../../engine/request/input-error.ts";
import { isJsonType, isMultipartFormType } from "../../engine/request/media-types.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";
import { ValueReader } from "./value-reader.ts";

/**
 * The inputs of a command line as typed values: what must be JSON is parsed, `@file` and `-` are read. Texts for
 * numbers and booleans stay texts: the engine checks and converts them.
 *
 * @throws CapabilityError `INPUT_INVALID`, `USAGE`
 */
export async function readInputs(
  operation: Operation,
  { inputs, inputsJson }: RunArguments,
  context: CommandContext,
): Promise<Inputs> {
  const reader = new ValueReader(context);
  const values = inputsJson === undefined ? {} : await readInputsJson(inputsJson, reader);
  const given = new Map<string, (string | true)[]>();
  for (const [name, text] of inputs) {
    const texts = given.get(name);
    if (texts === undefined) given.set(name, [text]);
    else texts.push(text);
  }
  const contentType = declaredContentType(operation, { ...values, ...Object.fromEntries(inputs) });
  for (const [name, texts] of given) {
    const value = await readInput({ operation, contentType, name }, texts, reader);
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return values;
}

async function readInputsJson(argument: string, reader: ValueReader): Promise<Record<string, unknown>> {
  const fail = (problem: string) => usageError(`Cannot read --inputs: ${problem}`);
  // A JSON object never starts with "@" or "-", so the rules of a value hold here too.
  const parsed = parseJson(await reader.text(argument, fail));
  if (!parsed.ok) throw fail(`not JSON: ${parsed.reason}`);
  const { value } = parsed;
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw fail("not a JSON object");
}

/** What a value is for. */
interface Place {
  readonly operation: Operation;
  /** Of the body, as a header says it. */
  readonly contentType: string | undefined;
  readonly name: string;
}

async function readInput(
  place: Place,
  texts: readonly (string | true)[],
  reader: ValueReader,
): Promise<unknown> {
  const { operation, name } = place;
  const input = operation.inputs.get(name);
  const fail = (problem: string) => inputInvalid(operation, name, problem);
  const values: unknown[] = [];
  for (const text of texts) {
    if (text === true && input !== undefined && input.type !== "boolean") {
      throw fail(`has no value; write --${name} <value>, or --${name}=<value> for one that starts with "--"`);
    }
    const single = texts.length === 1;
    if (input === undefined || text === true) values.push(text);
    else values.push(await readValue({ ...place, input, single }, text, reader, fail));
  }
  return values.length === 1 ? values[0] : values;
}

interface InputPlace extends Place {
  readonly input: Input;
  /** Whether it is given once. */
  readonly single: boolean;
}

async function readValue(
  place: InputPlace,
  text: string,
  reader: ValueReader,
  fail: (problem: string) => Error,
): Promise<unknown> {
  const { input, single } = place;
  if (isFormPart(place)) return reader.content(text, fail);
  if (isRawBody(place)) {
    const content = await reader.bytes(text, fail);
    return typeof content === "string" ? rawBody(input, content) : content;
  }
  return convert(input, await reader.text(text, fail, input.in !== "body"), single, fail);
}

/** Tells whether a value may be a part of a form in parts: a file is then sent from where it is. */
function isFormPart({ operation, input, contentType }: InputPlace): boolean {
  if (isStructured(input) || input.name === "body") return false;
  if (operation.body !== undefined)
    return operation.body.type === "multipartForm" && (input.in === "body" || input.in === "template");
  return input.in === "body" && contentType !== undefined && isMultipartFormType(contentType);
}

/** Tells whether a value is the body as it is sent. */
function isRawBody({ operation, input, contentType }: InputPlace): boolean {
  if (operation.body !== undefined || input.in !== "body" || input.name !== "body") return false;
  return input.type === "string" || (contentType !== undefined && !isJsonType(contentType));
}

/** Under a content type that objects have a form for, JSON is what is to be written in that form. */
function rawBody(input: Input, text: string): unknown {
  if (input.type === "string") return text;
  const parsed = parseJson(text);
  return parsed.ok && typeof parsed.value === "object" && parsed.value !== null ? parsed.value : text;
}

function convert(input: Input, text: string, single: boolean, fail: (problem: string) => Error): unknown {
  if (isJson(input, single)) {
    const parsed = parseJson(text);
    // The engine reads a text given for a structured input as its JSON, so a JSON string must not be opened here.
    if (parsed.ok) return typeof parsed.value === "string" && isStructured(input) ? text : parsed.value;
    const hint =
      input.type === "array" ? `; repeat --${input.key} for several values, or write ["a","b"]` : "";
    throw fail(`is not JSON: ${parsed.reason}${hint}`);
  }
  if (input.in === "body" && input.type === "any") {
    const parsed = parseJson(text);
    return parsed.ok ? parsed.value : text;
  }
  return text;
}

function isStructured({ type }: Input): boolean {
  return type === "object" || type === "array";
}

function isJson(input: Input, single: boolean): boolean {
  if (input.type === "object" || (input.type === "array" && single)) return true;
  return input.in === "body" && input.name === "body" && input.type !== "string";
}
