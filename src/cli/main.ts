import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";

/**
 * The command: reads its name and hands over. `run` is the one that is started often, so it alone is not behind yargs.
 *
 * @param args the command line without the program's name
 * @returns the exit code; every failure has been printed
 */
export async function main(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    if (args[0] === "run") {
      const { run } = await import("./commands/run.ts");
      return await run(args.slice(1), context);
    }
    const { program } = await import("./program.ts");
    return await program(args, context);
  } catch (error) {
    await printError(error, args, context);
    return exitCodeOf(error);
  }
}

/** The command line may be what is wrong, so what it asks of errors is looked for without parsing it. */
async function printError(
  error: unknown,
  args: readonly string[],
  { stderr, env }: CommandContext,
): Promise<void> {
  const { errorJson, formatError } = await import("./format-error.ts");
  if (args.includes("--output=json") || args[args.indexOf("--output") + 1] === "json") {
    stderr.write(`${errorJson(error)}\n`);
    return;
  }
  const { styleFor } = await import("./style.ts");
  stderr.write(
    `${formatError(error, styleFor(stderr, env, args.includes("--no-color")), args.includes("--verbose"))}\n`,
  );
}
