import { parseJsonPath } from "../expression/json-path.ts";
import { compileJsonPath } from "../outputs/compile-json-path.ts";
import type { CommandContext, OutputStream } from "./command-context.ts";
import type { OutputFormat } from "./run-options.ts";
import { usageError } from "./usage-error.ts";

export interface ResultOptions {
  readonly select: string | undefined;
  readonly output: OutputFormat | undefined;
}

/**
 * Writes a result to standard output: JSON indented on a terminal and compact elsewhere, YAML, or a table. With
 * `select`, only what the path finds, a string bare.
 */
export async function writeResult(
  value: unknown,
  options: ResultOptions,
  { stdout }: CommandContext,
): Promise<void> {
  const selected = options.select === undefined ? value : await select(options.select, value);
  if (options.select !== undefined && typeof selected === "string") {
    stdout.write(`${selected}\n`);
  } else if (options.output === "yaml") {
    const { stringify } = await import("yaml");
    stdout.write(stringify(selected));
  } else if (options.output === "table") {
    const { formatTable } = await import("./format-table.ts");
    stdout.write(`${formatTable(selected, stdout.columns || undefined)}\n`);
  } else {
    writeJson(selected, stdout);
  }
}

/** JSON with a line feed, indented on a terminal. */
export function writeJson(value: unknown, stdout: OutputStream): void {
  stdout.write(`${JSON.stringify(value, undefined, stdout.isTTY ? 2 : undefined) ?? "null"}\n`);
}

/** @throws CapabilityError `USAGE` for a malformed path */
export function checkSelect(path: string): void {
  const parsed = parseJsonPath(path);
  if (!parsed.ok)
    throw usageError(`Cannot read --select ${JSON.stringify(path)} as JSONPath: ${parsed.reason}`);
}

async function select(path: string, value: unknown): Promise<unknown> {
  const parsed = parseJsonPath(path);
  if (!parsed.ok)
    throw usageError(`Cannot read --select ${JSON.stringify(path)} as JSONPath: ${parsed.reason}`);
  const read = await compileJsonPath(parsed.path);
  return read(value);
}
