import { AdvisedError } from "./advised-error.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { hasColour } from "./has-colour.ts";
import { printLines } from "./printed-text.ts";
import { run } from "./run-operation.ts";

/**
 * Runs the command: reads its name and hands over. `run` is started often, so it alone is not behind yargs, and the
 * command begins with its modules.
 *
 * @param args the command line without the program's name
 * @returns the exit code; every failure has been printed
 */
export async function main(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    const code = await dispatch(args, context);
    await context.stdout.written?.();
    return code;
  } catch (thrown) {
    return printFailure(thrown, args, context);
  }
}

/** Options that may stand before the name of a command, as behind it. */
const GLOBAL_OPTION = /^(?:-v|--(?:verbose|no-color|no-pager|no-input)(?:=(?:true|false))?)$/;

async function dispatch(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const start = args.findIndex(arg => !GLOBAL_OPTION.test(arg));
  const others = [...args.slice(0, start), ...args.slice(start + 1)];
  if (args[start] === "run") return run(others, context);
  if (args[start] === "help") return dispatch([...others, "--help"], context);
  const { program } = await import("./program.ts");
  if (start >= 0) return program(args, context);
  // Without a command, `-v` asks for the version, as it does of Node; with one it is `--verbose`.
  return program([args.includes("-v") ? "--version" : "--help"], context);
}

/** Prints what was thrown, and gives its exit code. */
export async function printFailure(
  thrown: unknown,
  args: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { asIoError } = await import("./io-error.ts");
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
  const { errorJson, formatError } = await import("./format-error.ts");
  const { paintFor } = await import("./style.ts");
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
