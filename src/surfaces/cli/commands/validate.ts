import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, optionTexts, sharedOptions, TEXT } from "../command-module.ts";
import { FAILING_KINDS, type FailingKind } from "../failing-kinds.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { VALIDATE_FORMATS, type ValidateFormat } from "../validate-formats.ts";

interface Given {
  readonly path: string[];
  readonly strict: boolean | undefined;
  readonly "fail-on": FailingKind;
  readonly ignore: string | undefined;
  readonly "max-warnings": string | undefined;
  readonly fix: boolean | undefined;
  readonly all: boolean | undefined;
  readonly format: ValidateFormat;
}

export const validateCommand: CommandModule<Given> = {
  command: "validate <path..>",
  describe: "Check files, and all files in folders",
  repeatable: ["ignore"],
  builder: builder =>
    builder
      .positional("path", { type: "string", array: true, demandOption: true, describe: "Files and folders" })
      .option("strict", {
        type: "boolean",
        describe: "Fail for every kind of finding, as --fail-on departure does",
      })
      .option("fail-on", {
        choices: FAILING_KINDS,
        default: "error" as const,
        describe: "Mildest kind of finding to fail for",
      })
      .option("max-warnings", {
        ...TEXT,
        value: "N",
        describe: "Fail for more warnings than this",
      })
      .option("ignore", {
        ...TEXT,
        value: "RULE",
        describe: "Rule to switch off; repeatable",
      })
      .option("fix", {
        type: "boolean",
        describe: "Mend what means the same afterwards; comments and layout stay",
      })
      .option("all", {
        type: "boolean",
        describe: "Show every finding, not the first of each kind in a file",
      })
      .options(sharedOptions("config", "profile", "quiet", "no-color", "allow-import"))
      .option("format", {
        choices: VALIDATE_FORMATS,
        default: "text" as const,
        describe: "Form of the findings",
      }),
  handler: async (argv, context) => {
    const { validateFiles } = await import("../validate-files.ts");
    const { path: paths, format, fix = false, all = false } = argv;
    const failOn = argv.strict ? "departure" : argv.failOn;
    const ignore = optionTexts(argv.ignore).flatMap(text => text.split(","));
    const maxWarnings = argv.maxWarnings === undefined ? undefined : readCount(argv.maxWarnings);
    const { config, quiet = false, noColor = false } = givenOptions(ownOptions, argv);
    const open = givenOptions(openOptions, argv);
    return validateFiles(
      { paths, open, config, format, failOn, maxWarnings, ignore, fix, all, quiet, noColor },
      context,
    );
  },
};

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`Option --max-warnings is a whole number from 0 on, found ${JSON.stringify(text)}`);
}
