import type { CommandContext } from "./command-context.ts";
import type { ExitCode } from "./exit-code.ts";
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
    const { printFailure } = await import("./print-failure.ts");
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
  if (args[start] === "import") {
    // Yargs takes as long to load and to write a help that nobody asked for as an import of a megabyte.
    const { importWithoutYargs } = await import("./import-without-yargs.ts");
    const code = importWithoutYargs(others, context);
    if (code !== undefined) return code;
  }
  const { program } = await import("./program.ts");
  if (start >= 0) return program(args, context);
  // Without a command, `-v` asks for the version, as it does of Node; with one it is `--verbose`.
  return program([args.includes("-v") ? "--version" : "--help"], context);
}
