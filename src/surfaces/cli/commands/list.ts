import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

export const listCommand: CommandModule<{
  readonly words: string[];
  readonly output: "text" | "json";
}> = {
  command: "list [words..]",
  describe: "Show the capabilities that can be called by name",
  builder: builder =>
    builder
      .positional("words", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Only those with all these words in name, label, description or tags",
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
    const { words, output } = argv;
    return list({ words, open: givenOptions(openOptions, argv), output, noColor }, context);
  },
};
