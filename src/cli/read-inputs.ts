import { readFileSync } from "node:fs";
import path from "node:path";
import type { Input, Operation } from "../capability/types.ts";
import { parseJson } from "../expression/parse-json.ts";
import type { Inputs } from "../request/check-inputs.ts";
import { inputInvalid } from "../request/input-error.ts";
import { declaresOtherType } from "../request/media-types.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";

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
  const reader = new TextReader(context);
  const values = inputsJson === undefined ? {} : await readInputsJson(inputsJson, reader);
  const given = new Map<string, (string | true)[]>();
  for (const [name, text] of inputs) given.set(name, [...(given.get(name) ?? []), text]);
  const isOtherType = declaresOtherType(operation, key => given.get(key)?.at(-1) ?? values[key]);
  for (const [name, texts] of given) {
    const value = await readInput(operation, name, texts, reader, isOtherType);
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return values;
}

async function readInputsJson(argument: string, reader: TextReader): Promise<Record<string, unknown>> {
  const fail = (problem: string) => usageError(`Cannot read --inputs: ${problem}`);
  // A JSON object never starts with "@" or "-", so the rules of a value hold here too.
  const parsed = parseJson(await reader.read(argument, fail));
  if (!parsed.ok) throw fail(`not JSON: ${parsed.reason}`);
  const { value } = parsed;
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw fail("not a JSON object");
}

async function readInput(
  operation: Operation,
  name: string,
  texts: readonly (string | true)[],
  reader: TextReader,
  isOtherType: boolean,
): Promise<unknown> {
  const input = operation.inputs.get(name);
  const fail = (problem: string) => inputInvalid(operation, name, problem);
  const values: unknown[] = [];
  for (const text of texts) {
    if (text === true && input !== undefined && input.type !== "boolean") {
      throw fail(`has no value; write --${name} <value>, or --${name}=<value> for one that starts with "--"`);
    }
    const content = text === true ? true : await reader.read(text, fail, input?.in !== "body");
    const single = texts.length === 1;
    const isPlain = input === undefined || content === true;
    values.push(isPlain ? content : convert(input, content, { single, isOtherType }, fail));
  }
  return values.length === 1 ? values[0] : values;
}

/**
 * @param single whether it is the only text given for the input
 * @param isOtherType whether the request's body need not be JSON
 */
function convert(
  input: Input,
  text: string,
  { single, isOtherType }: { readonly single: boolean; readonly isOtherType: boolean },
  fail: (problem: string) => Error,
): unknown {
  if (isJson(input, single)) {
    const parsed = parseJson(text);
    if (!parsed.ok && isOtherType && input.in === "body" && input.name === "body") return text;
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

/** Reads `@file`, `-` and `@@text`; standard input is read once. */
class TextReader {
  readonly #context: CommandContext;
  #stdin: Promise<string> | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** @param oneLine drop the line break a file ends in: it is no part of a value for a URL or a header */
  async read(text: string, fail: (problem: string) => Error, oneLine = false): Promise<string> {
    if (text === "-") {
      this.#stdin ??= readAll(this.#context.stdin);
      return withoutLineBreak(await this.#stdin, oneLine);
    }
    if (text.startsWith("@@")) return text.slice(1);
    if (!text.startsWith("@")) return text;
    const file = path.resolve(this.#context.cwd, text.slice(1));
    try {
      return withoutLineBreak(readFileSync(file, "utf8"), oneLine);
    } catch (error) {
      throw fail(
        `cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
      );
    }
  }
}

function withoutLineBreak(text: string, oneLine: boolean): string {
  return oneLine ? text.replace(/\r?\n$/, "") : text;
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
