import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, optionTexts, sharedOptions, TEXT } from "../command-module.ts";
import { usageError } from "../usage-error.ts";

const USAGE = `naftiko add <file or https URL>…
naftiko add --update [name]…
naftiko add --check [name]…

Copies published capability files, with those that they import, into capabilities/,
checks them, and records source and SHA-256 in naftiko.lock.yaml beside it. --update
reads the sources again; --check tells which files are not what was recorded.`;

interface Given {
  readonly source: string[] | undefined;
  readonly name: string | undefined;
  readonly dir: string | undefined;
  readonly update: boolean | undefined;
  readonly check: boolean | undefined;
  readonly force: boolean | undefined;
  readonly "ca-cert": unknown;
}

export const addCommand: CommandModule<Given> = {
  command: "add [source..]",
  describe: "Copy published capability files, and keep them up to date",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("source", {
        type: "string",
        array: true,
        describe: "Files and https URLs; with --update and --check: names of added capabilities, by default all",
      })
      .option("name", { ...TEXT, value: "NAME", describe: "Name of the capability, in place of that of its file" })
      .option("dir", {
        ...TEXT,
        describe: "Folder of the files, in place of the capabilities/ of the working folder or above it",
      })
      .option("update", { type: "boolean", describe: "Read the sources again" })
      .option("check", { type: "boolean", describe: "Compare the files with the lock; exit code 3 for a difference" })
      .option("force", { type: "boolean", describe: "With --update: replace files that were changed here" })
      .options(sharedOptions("timeout", "connect-timeout", "max-redirects", "allow-host", "egress", "ca-cert")),
  handler: async (argv, context) => {
    const { source = [], name, update = false, check = false, force = false } = argv;
    const dir = optionTexts(argv.dir).at(-1);
    if (update && check) throw usageError("Options --update and --check exclude each other");
    if (force && !update) throw usageError("Option --force goes with --update");
    if (name !== undefined && (update || check)) throw usageError("Option --name goes with a file or URL");
    if (check) {
      const { checkAdded } = await import("../make/check-added.ts");
      return checkAdded({ names: source, dir }, context);
    }
    const given = givenOptions(openOptions, { ...argv, dir: undefined });
    const caCert = optionTexts(argv["ca-cert"]).at(-1);
    const { connectionArguments } = await import("../connection-arguments.ts");
    const open = { ...given, ...connectionArguments({ open: given, caCert }, context.cwd) };
    if (update) {
      const { updateAdded } = await import("../make/update-added.ts");
      return updateAdded({ names: source, dir, force, open }, context);
    }
    if (source.length === 0) throw usageError("No file or URL given", "naftiko add --help");
    const { add } = await import("../make/add.ts");
    return add({ sources: source, name, dir, open }, context);
  },
};
