import process from "node:process";
import type { CommandModule } from "./command-module.ts";
import { listCommand } from "./commands/list.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { searchCommand } from "./commands/search.ts";
import { exitCode } from "./exit-code.ts";
import { runInProcess } from "./in-process.ts";
import { writeWhole } from "./process-output.ts";
import { readArguments } from "./quick-arguments.ts";

export { isUnusualRun } from "./unusual-run.ts";

// Commands that are started often, or that a client waits for, have a script of their own, with what they need and no
// more: no yargs.

const commands: Readonly<Record<string, CommandModule>> = {
  list: listCommand as CommandModule,
  mcp: mcpCommand as CommandModule,
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
  if (name === COMPLETE) return complete(args);
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

/**
 * Answers a shell. It prints no error, and an interrupt may end it anywhere: it does without the streams of Node, and what
 * else a command has, whose start takes longer than the answer.
 */
async function complete(args: readonly string[]): Promise<void> {
  try {
    const { printCompletion } = await import("./completion/print-completion.ts");
    const stdout = { write: (text: string | Uint8Array) => writeWhole(1, text) };
    const stderr = { isTTY: false, write() {} };
    process.exitCode = await printCompletion(args, { env: process.env, cwd: process.cwd(), stdout, stderr });
  } catch {
    process.exitCode = exitCode.fault;
  }
}
