import type { CommandModule } from "../command-module.ts";
import { exitCode } from "../exit-code.ts";

/** The place of `help` in the help. `main` reads its command line as that of the command with `--help`. */
export const helpCommand: CommandModule = {
  command: "help [command]",
  describe: "Show help about a command, as its --help does",
  builder: builder => builder.positional("command", { type: "string", describe: "Name of the command" }),
  handler: async () => exitCode.done,
};
