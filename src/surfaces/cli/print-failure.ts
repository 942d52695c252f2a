import { AdvisedError } from "./advised-error.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { errorJson, formatError } from "./format-error.ts";
import { hasColour } from "./has-colour.ts";
import { asIoError } from "./io-error.ts";
import { printLines } from "./printed-text.ts";
import { paintFor } from "./style.ts";

/** Prints what was thrown, and gives its exit code. */
export async function printFailure(
  thrown: unknown,
  args: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { error, advice } = thrown instanceof AdvisedError ? thrown : { error: thrown, advice: undefined };
  const known = asIoError(error);
  await printError(known, advice, args, context);
  return exitCodeOf(known);
}

/**
 * Prints an error in the form that the command line asks for. It may be wrong itself, so it is searched without
 * parsing.
 */
async function printError(
  error: unknown,
  advice: readonly string[] | undefined,
  args: readonly string[],
  { stderr, env, secrets }: CommandContext,
): Promise<void> {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const noColor = own.includes("--no-color");
  const paint = paintFor(stderr, env, noColor);
  if (own.some((arg, index) => arg === "--output=json" || (arg === "--output" && own[index + 1] === "json"))) {
    const { colouredLine } = await import("./colour-json.ts");
    const json = errorJson(error, secrets);
    stderr.write(printLines([hasColour(stderr, env, noColor) ? colouredLine(json) : json], paint));
    return;
  }
  const has = (...names: readonly string[]) => own.some(arg => names.includes(arg));
  const format = { advice, secrets, verbose: has("-v", "--verbose"), include: has("--include") };
  const lines = formatError(error, format);
  stderr.write(printLines(lines, paint));
}
