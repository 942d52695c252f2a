import type { CommandModule } from "./command-module.ts";
import { listCommand } from "./commands/list.ts";
import { searchCommand } from "./commands/search.ts";
import { runInProcess } from "./in-process.ts";
import { readArguments } from "./quick-arguments.ts";

export { isUnusualRun } from "./unusual-run.ts";

// Commands that are started often have a script of their own, with what they need and no more: neither yargs nor what
// calls need.

const commands: Readonly<Record<string, CommandModule>> = {
  list: listCommand as CommandModule,
  search: searchCommand as CommandModule,
};

/** The command by which shells ask for completions. It has no options, and no help. */
const COMPLETE = "__complete";

/** Names of the commands that {@link start} knows. */
export const names: readonly string[] = [...Object.keys(commands), COMPLETE];

/**
 * Runs a command, if its command line has nothing that takes yargs: help, and faults.
 *
 * @param args the command line without the program's name
 * @returns settles when the command is done. `undefined`: nothing was done
 */
export function start([name = "", ...args]: readonly string[]): Promise<void> | undefined {
  if (name === COMPLETE) {
    return runInProcess(async (_, context) => {
      const { printCompletion } = await import("./completion/print-completion.ts");
      return printCompletion(args, context);
    });
  }
  const command = commands[name];
  const given = command && readArguments(command, args);
  if (command === undefined || given === undefined) return undefined;
  return runInProcess(async (_, context) => {
    try {
      const code = await command.handler(given, context);
      await context.stdout.written?.();
      return code;
    } catch (thrown) {
      const { printFailure } = await import("./print-failure.ts");
      return printFailure(thrown, [name, ...args], context);
    }
  });
}
