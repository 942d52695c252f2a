import type { CommandContext } from "./command-context.ts";
import type { CommandModule } from "./command-module.ts";
import { importCommand } from "./commands/import.ts";
import type { ExitCode } from "./exit-code.ts";
import { readArguments } from "./quick-arguments.ts";

const command = importCommand as CommandModule;

/**
 * Runs `naftiko import`, if its command line has nothing that takes yargs: help, and faults.
 *
 * @param args the command line without the name of the command
 * @returns `undefined`: nothing was done
 */
export function importWithoutYargs(args: readonly string[], context: CommandContext): Promise<ExitCode> | undefined {
  const given = readArguments(command, args);
  return given && command.handler(given, context);
}
