import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

export const listCommand: CommandModule<{
  readonly text: string | undefined;
  readonly output: "text" | "json";
}> = {
  command: "list [text]",
  describe: "Show the capabilities that can be called by name",
  builder: builder =>
    builder
      .positional("text", {
        type: "string",
        describe: "Only those with this text in name, label, description or tags",
      })
      .options(sharedOptions("dir", "allow-import"))
      .option("output", {
        choices: ["text", "json"] as const,
        default: "text" as const,
        describe: "Form of the list",
      }),
  handler: async (argv, context) => {
    const { list } = await import("../list-capabilities.ts");
    // The forms of `run --output` are others.
    const { noColor = false } = givenOptions(ownOptions, { ...argv, output: undefined });
    const { text, output } = argv;
    return list({ text, open: givenOptions(openOptions, argv), output, noColor }, context);
  },
};
