import { stringify } from "../../base/numbers/exact-json.ts";
import { compileJsonPath } from "../../engine/outputs/compile-json-path.ts";
import { type JsonPath, parseWrittenPath } from "../../language/expression/json-path.ts";
import type { CommandContext } from "./command-context.ts";
import { hasColour } from "./has-colour.ts";
import { type PrintedText, printData, printJson, printLines } from "./printed-text.ts";
import { requirePrintable } from "./require-printable.ts";
import type { OutputFormat } from "./run-options.ts";
import { usageError } from "./usage-error.ts";
import { writeTogether } from "./write-together.ts";

export interface ResultOptions {
  readonly select: string | undefined;
  readonly output: OutputFormat | undefined;
  readonly noColor: boolean;
}

/**
 * Writes a result to standard output: JSON indented on a terminal and compact elsewhere, YAML, or a table. With
 * `select`, only what the path finds, a string bare.
 */
export async function writeResult(value: unknown, options: ResultOptions, context: CommandContext): Promise<void> {
  const { stdout } = context;
  const format = await createFormat(options, context, stdout.isTTY ? 2 : undefined);
  stdout.write(format(value));
}

/**
 * Writes results as they arrive, those that arrive together at once: lines of JSON, YAML documents, or tables.
 *
 * @param arriving lists of results
 */
export async function writeResults(
  arriving: AsyncIterable<readonly unknown[]>,
  options: ResultOptions,
  context: CommandContext,
): Promise<void> {
  const { stdout } = context;
  const format = await createFormat(options, context);
  const before = printData(options.output === "yaml" ? "---\n" : "", stdout);
  function* textsOf(values: readonly unknown[]) {
    for (const value of values) {
      yield before;
      yield format(value);
    }
  }
  for await (const values of arriving) await writeTogether(textsOf(values), stdout);
}

/** Writes JSON with a line feed, in colours on a terminal, and by default indented there alone. */
export async function writeJson(
  value: unknown,
  options: Pick<ResultOptions, "noColor">,
  context: Pick<CommandContext, "stdout" | "env">,
  indent: number | undefined = context.stdout.isTTY ? 2 : undefined,
): Promise<void> {
  const { stdout } = context;
  const colour = await jsonColour(options, context);
  stdout.write(printJson(`${jsonText(value, indent)}\n`, stdout, colour));
}

/**
 * Parses the path of `--select`.
 *
 * @throws CapabilityError `USAGE` for a malformed path
 */
export function parseSelect(path: string): JsonPath {
  const parsed = parseWrittenPath(path);
  if (parsed.ok) return parsed.path;
  throw usageError(`Cannot read --select ${JSON.stringify(path)} as JSONPath: ${parsed.reason}`);
}

type Format = (value: unknown) => PrintedText;

async function createFormat(options: ResultOptions, context: CommandContext, indent?: number): Promise<Format> {
  const { select } = options;
  const { stdout } = context;
  const format = await formatOf(options, context, indent);
  const read = select === undefined ? undefined : compileSelect(select);
  return value => {
    const selected = read === undefined ? value : read(value);
    requirePrintable(selected);
    return read !== undefined && typeof selected === "string" ? printData(`${selected}\n`, stdout) : format(selected);
  };
}

async function formatOf(options: ResultOptions, context: CommandContext, indent?: number): Promise<Format> {
  const { output } = options;
  const { stdout } = context;
  if (output === "yaml") {
    const { yamlText } = await import("../../base/yaml-text.ts");
    return value => printData(yamlText(value), stdout);
  }
  if (output === "table") {
    const { formatTable } = await import("./format-table.ts");
    return value => printLines(formatTable(value, stdout.columns || undefined));
  }
  const colour = await jsonColour(options, context);
  return value => printJson(`${jsonText(value, indent)}\n`, stdout, colour);
}

/** Returns what colours JSON; `undefined` but on a terminal with colours. */
export async function jsonColour(
  { noColor }: Pick<ResultOptions, "noColor">,
  { stdout, env }: Pick<CommandContext, "stdout" | "env">,
): Promise<((text: string) => string) | undefined> {
  if (!hasColour(stdout, env, noColor)) return undefined;
  const { colourJson } = await import("./colour-json.ts");
  return colourJson;
}

/** Writes a value as JSON, `undefined` as `null`. */
export function jsonText(value: unknown, indent?: number): string {
  return stringify(value, indent) ?? "null";
}

/**
 * Compiles the path of `--select`.
 *
 * @throws CapabilityError `USAGE` for a malformed path
 */
export function compileSelect(path: string): (value: unknown) => unknown {
  return compileJsonPath(parseSelect(path));
}
