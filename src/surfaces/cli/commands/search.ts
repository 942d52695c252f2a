import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, optionTexts, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

export const searchCommand: CommandModule<{
  readonly words: string[];
  readonly method: unknown;
  readonly tag: unknown;
  readonly capability: unknown;
  readonly limit: unknown;
  readonly output: "text" | "json" | "ndjson";
}> = {
  command: "search <words..>",
  describe: "Find operations by what they do",
  repeatable: ["method", "tag", "capability"],
  builder: builder =>
    builder
      .positional("words", { type: "string", array: true, demandOption: true, describe: "What is looked for" })
      .option("method", {
        ...TEXT,
        value: "METHOD",
        describe: "Only requests with this method, or one of several: GET,POST",
      })
      .option("tag", {
        ...TEXT,
        value: "TAG",
        describe: "Only operations of capabilities with this tag; may be repeated",
      })
      .option("capability", {
        ...TEXT,
        describe: "Only operations of this capability; * stands for any characters; may be repeated",
      })
      .option("limit", { ...TEXT, value: "N", describe: "Most operations that are shown (default 10)" })
      .options(sharedOptions("dir", "allow-import"))
      .option("output", {
        choices: ["text", "json", "ndjson"] as const,
        default: "text" as const,
        describe: "Form of the result",
      }),
  handler: async (argv, context) => {
    const { search } = await import("../search-operations.ts");
    // The forms of `run --output` are others.
    const { noColor = false } = givenOptions(ownOptions, { ...argv, output: undefined });
    const { words, output } = argv;
    return search(
      {
        question: words.join(" "),
        methods: optionTexts(argv.method),
        tags: optionTexts(argv.tag),
        capabilities: optionTexts(argv.capability),
        limit: optionTexts(argv.limit).at(-1),
        open: givenOptions(openOptions, argv),
        output,
        noColor,
      },
      context,
    );
  },
};
