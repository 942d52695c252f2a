import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, portOf, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";

interface Given {
  readonly capability: string[];
  readonly port: string;
  readonly seed: string | undefined;
  readonly replay: string | undefined;
}

export const mockCommand: CommandModule<Given> = {
  command: "mock [capability..]",
  describe: "Serve a sandbox of the APIs that capabilities consume, or recorded calls",
  builder: builder =>
    builder
      .positional("capability", {
        type: "string",
        array: true,
        default: [] as string[],
        describe: "Names, or paths of files",
      })
      .options(sharedOptions("dir", "allow-import", "config", "profile", "quiet", "no-implied-auth"))
      .option("port", { ...TEXT, value: "N", default: "0", describe: "Port; 0: any free one" })
      .option("seed", { ...TEXT, value: "FILE", describe: "JSON or YAML file of items by collection path" })
      .option("replay", {
        ...TEXT,
        value: "FILE",
        describe: "File of recorded calls to serve in place of capabilities",
      }),
  handler: async (argv, context) => {
    const { capability: capabilities, seed, replay } = argv;
    const port = portOf(argv.port);
    const { config, quiet = false } = givenOptions(ownOptions, argv);
    if (replay !== undefined) {
      if (capabilities.length > 0 || seed !== undefined)
        throw usageError("Option --replay serves recorded calls alone: leave capabilities and --seed out");
      const { mockReplay } = await import("../serve-recording.ts");
      return mockReplay({ replay, port, quiet }, context);
    }
    if (capabilities.length === 0) throw usageError("An argument is missing", "naftiko mock --help");
    const { mock } = await import("../serve-sandbox.ts");
    return mock({ capabilities, open: givenOptions(openOptions, argv), config, port, seed, quiet }, context);
  },
};
