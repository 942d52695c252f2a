import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";
import { VALIDATE_FORMATS, type ValidateFormat } from "../validate-formats.ts";

interface Given {
  readonly path: string[];
  readonly strict: boolean | undefined;
  readonly fix: boolean | undefined;
  readonly all: boolean | undefined;
  readonly format: ValidateFormat;
}

export const validateCommand: CommandModule<Given> = {
  command: "validate <path..>",
  describe: "Check files, and all files in folders",
  builder: builder =>
    builder
      .positional("path", { type: "string", array: true, demandOption: true, describe: "Files and folders" })
      .option("strict", {
        type: "boolean",
        describe: "Fail where a file departs from the published specification",
      })
      .option("fix", {
        type: "boolean",
        describe: "Mend what means the same afterwards; comments and layout stay",
      })
      .option("all", {
        type: "boolean",
        describe: "Show every departure, not the first of each kind in a file",
      })
      .options(sharedOptions("config", "profile", "quiet", "no-color", "allow-import"))
      .option("format", {
        choices: VALIDATE_FORMATS,
        default: "text" as const,
        describe: "Form of the findings",
      }),
  handler: async (argv, context) => {
    const { validateFiles } = await import("../validate-files.ts");
    const { path: paths, format, strict = false, fix = false, all = false } = argv;
    const { config, quiet = false, noColor = false } = givenOptions(ownOptions, argv);
    const open = givenOptions(openOptions, argv);
    return validateFiles({ paths, open, config, format, strict, fix, all, quiet, noColor }, context);
  },
};
