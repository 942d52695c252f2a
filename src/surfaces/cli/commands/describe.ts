import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

interface Given {
  readonly capability: string;
  readonly operation: string | undefined;
  readonly output: "text" | "json";
}

export const describeCommand: CommandModule<Given> = {
  command: "describe <capability> [operation]",
  describe: "Show what a capability or one of its operations needs and gives",
  builder: builder =>
    builder
      .positional("capability", {
        type: "string",
        demandOption: true,
        describe: "Name, or path of a file",
      })
      .positional("operation", { type: "string", describe: "Name, or METHOD /path" })
      .options(
        sharedOptions("dir", "allow-import", "config", "profile", "env-file", "allow-bind-files", "no-implied-auth"),
      )
      .option("output", {
        choices: ["text", "json"] as const,
        default: "text" as const,
        describe: "Form of the description",
      }),
  handler: async (argv, context) => {
    const { describe } = await import("../describe-capability.ts");
    // The forms of `run --output` are others.
    const { config, envFiles = [], noColor = false } = givenOptions(ownOptions, { ...argv, output: undefined });
    const { capability, operation, output } = argv;
    const open = givenOptions(openOptions, argv);
    return describe({ capability, operation, open, config, envFiles, output, noColor }, context);
  },
};
