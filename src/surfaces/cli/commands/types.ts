import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

const USAGE = `naftiko types -o naftiko.d.ts
naftiko types <capability>... -o naftiko.d.ts
naftiko types -o naftiko.d.ts --check

Writes the types of operations for TypeScript: openCapability("name") then knows the operations
of that capability, their inputs and their outputs. Nothing is written that runs.`;

interface Given {
  readonly capabilities: string[];
  readonly out: string | undefined;
  readonly check: boolean;
}

export const typesCommand: CommandModule<Given> = {
  command: "types [capabilities..]",
  describe: "Write the types of capabilities for TypeScript",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("capabilities", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Names, paths of files, or folders; without them, all that list shows",
      })
      .option("out", { ...TEXT, alias: "o", describe: "File to write; without it, or with -, the types are printed" })
      .option("check", {
        type: "boolean",
        default: false,
        describe: "Write nothing, and fail if the file is not as it would be written",
      })
      .options(sharedOptions("dir", "allow-import", "quiet")),
  handler: async (argv, context) => {
    const { writeTypes } = await import("../write-types.ts");
    const { quiet = false } = givenOptions(ownOptions, { ...argv, out: undefined });
    const { capabilities, out, check } = argv;
    return writeTypes({ capabilities, open: givenOptions(openOptions, argv), out, check, quiet }, context);
  },
};
