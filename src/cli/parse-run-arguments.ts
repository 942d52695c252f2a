import parser from "yargs-parser";
import { OUTPUT_FORMATS, type OutputFormat, type RunOption, runOptions } from "./run-options.ts";
import { usageError } from "./usage-error.ts";

/** The command line of `run`. */
export interface RunArguments {
  readonly capability: string | undefined;
  readonly operation: string | undefined;
  /** Inputs as written, in order; `true` for an input without a value. */
  readonly inputs: readonly (readonly [name: string, text: string | true])[];
  /** Names of the options that were used by their long name. */
  readonly used: ReadonlySet<string>;
  readonly inputsJson: string | undefined;
  readonly dirs: readonly string[];
  readonly baseUris: readonly string[];
  readonly envFiles: readonly string[];
  readonly dryRun: boolean;
  readonly mock: boolean;
  readonly select: string | undefined;
  readonly output: OutputFormat | undefined;
  readonly timeoutMs: number | undefined;
  readonly retries: number | undefined;
  readonly impliedAuthentication: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

const entries = Object.entries(runOptions);
const valued = entries.filter(([, option]) => option.type === "string").map(([name]) => name);

/**
 * Reads the arguments behind `run`. The options are the parser's; everything it does not know is handed back untouched
 * and is an operand or an input, so that no input's name or value is rewritten.
 *
 * @throws CapabilityError `USAGE`
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const end = args.indexOf("--");
  const { argv, error } = parser.detailed([...(end < 0 ? args : args.slice(0, end))], {
    string: valued,
    boolean: entries.filter(([, option]) => option.type === "boolean").map(([name]) => name),
    narg: Object.fromEntries(valued.map(name => [name, 1])),
    alias: { input: ["i"], help: ["h"] },
    configuration: {
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
      "strip-aliased": true,
      "unknown-options-as-args": true,
    },
  });
  if (error)
    throw usageError(
      `${error.message.replace(/^Not enough arguments following: /, "No value given for --")}`,
      USAGE,
    );

  const { operands, inputs } = splitOperands([
    ...argv._.map(String),
    ...(end < 0 ? [] : args.slice(end + 1)),
  ]);
  for (const text of texts(argv["input"])) inputs.push(splitInput(text));
  const { capability, operation } = readOperands(operands);
  return {
    capability,
    operation,
    inputs,
    used: new Set(Object.keys(argv).filter(name => name !== "_" && argv[name] !== undefined)),
    inputsJson: single(argv, "inputs"),
    dirs: texts(argv["dir"]),
    baseUris: texts(argv["base-uri"]),
    envFiles: texts(argv["env-file"]),
    dryRun: flag(argv, "dry-run"),
    mock: flag(argv, "mock"),
    select: single(argv, "select"),
    output: outputFormat(single(argv, "output")),
    timeoutMs: wholeNumber(argv, "timeout"),
    retries: wholeNumber(argv, "retries"),
    impliedAuthentication: !flag(argv, "no-implied-auth"),
    verbose: flag(argv, "verbose"),
    quiet: flag(argv, "quiet"),
    help: flag(argv, "help"),
  };
}

export const USAGE = "naftiko run <capability> <operation> [--<input> <value>…] [options]";

type Arguments = parser.Arguments;
type GivenInput = readonly [name: string, text: string | true];

/** Tells operands from inputs: `--name value`, `--name=value`, or `--name` before another option or the end. */
function splitOperands(tokens: readonly string[]): { operands: string[]; inputs: GivenInput[] } {
  const operands: string[] = [];
  const inputs: GivenInput[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as string;
    if (!isInput(token)) {
      operands.push(token);
      continue;
    }
    const equals = token.indexOf("=");
    const next = tokens[index + 1];
    if (equals > 0) inputs.push([token.slice(2, equals), token.slice(equals + 1)]);
    else if (next === undefined || isInput(next)) inputs.push([token.slice(2), true]);
    else {
      inputs.push([token.slice(2), next]);
      index++;
    }
  }
  return { operands, inputs };
}

function isInput(token: string): boolean {
  return token.startsWith("--") && token.length > 2;
}

function splitInput(text: string): GivenInput {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`Cannot read the input ${JSON.stringify(text)}: write --input name=value`, USAGE);
}

/** `GET /path` may also be written as two words. */
function readOperands(operands: readonly string[]): {
  capability: string | undefined;
  operation: string | undefined;
} {
  const [capability, operation, path, ...more] = operands;
  if (path === undefined) return { capability, operation };
  if (more.length === 0 && path.startsWith("/") && /^[A-Za-z]+$/.test(operation ?? "")) {
    return { capability, operation: `${operation} ${path}` };
  }
  throw usageError(`Unexpected argument ${JSON.stringify(path)}: inputs are written --name value`, USAGE);
}

function texts(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function single(argv: Arguments, name: RunOption): string | undefined {
  const values = texts(argv[name]);
  if (values.length > 1) throw usageError(`Option --${name} is given ${values.length} times`, USAGE);
  return values[0];
}

function flag(argv: Arguments, name: RunOption): boolean {
  const value: unknown = argv[name];
  return Array.isArray(value) ? value.some(Boolean) : Boolean(value);
}

function wholeNumber(argv: Arguments, name: RunOption): number | undefined {
  const text = single(argv, name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`Option --${name} takes a whole number, found ${JSON.stringify(text)}`, USAGE);
}

function outputFormat(text: string | undefined): OutputFormat | undefined {
  if (text === undefined) return undefined;
  const format = OUTPUT_FORMATS.find(candidate => candidate === text);
  if (format !== undefined) return format;
  throw usageError(
    `Option --output is one of ${OUTPUT_FORMATS.join(", ")}, found ${JSON.stringify(text)}`,
    USAGE,
  );
}
