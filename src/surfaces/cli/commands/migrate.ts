import { type CommandModule, givenOptions, sharedOptions } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

const USAGE = `naftiko migrate <file>
naftiko migrate <file or folder>… --write

Brings files to the newest form of the language (ikanos 1.0.0-beta5): lists of named
things become maps, renamed members get their new names. Comments and layout stay.
The text of one file is printed; with --write files are written over.`;

interface Given {
  readonly path: string[];
  readonly write: boolean | undefined;
  readonly check: boolean | undefined;
}

export const migrateCommand: CommandModule<Given> = {
  command: "migrate <path..>",
  describe: "Bring files to the newest form of the language",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("path", { type: "string", array: true, demandOption: true, describe: "Files and folders" })
      .option("write", { type: "boolean", describe: "Write over the files" })
      .option("check", {
        type: "boolean",
        describe: "Write nothing; exit code 3 if a file is to be migrated",
      })
      .options(sharedOptions("quiet", "no-color")),
  handler: async (argv, context) => {
    const { migrate } = await import("../migrate-files.ts");
    const { path: paths, write = false, check = false } = argv;
    const { quiet = false, noColor = false } = givenOptions(ownOptions, argv);
    return migrate({ paths, write, check, quiet, noColor }, context);
  },
};
