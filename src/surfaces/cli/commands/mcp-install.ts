import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, TEXT } from "../command-module.ts";
import { usageOf } from "../command-usage.ts";
import { CLIENT_NAMES, type ClientName } from "../install/client-names.ts";
import { toolOptions } from "../mcp/tool-options.ts";

const USAGE = `naftiko mcp install <client> <capability..>
naftiko mcp install claude-code clerk-backend-api-api-keys --read-only
naftiko mcp install cursor ./capabilities --dry-run

Writes the server into the settings of a client. Everything else in the file stays as it is,
and the former file is kept beside it. Variables are referred to, and no value is written.
Options of naftiko mcp are written into the entry.`;

interface Given {
  readonly client: ClientName;
  readonly capability: string[];
  readonly name: string | undefined;
  readonly "dry-run": boolean;
  readonly force: boolean;
}

export const mcpInstallCommand: CommandModule<Given> = {
  command: "install <client> <capability..>",
  describe: "Write the server into the settings of a client",
  builder: builder =>
    toolOptions(builder)
      .usage(USAGE)
      .positional("client", { choices: CLIENT_NAMES, demandOption: true, describe: "Program that starts the server" })
      .positional("capability", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Names, paths of files, or folders",
      })
      .option("name", { ...TEXT, value: "NAME", describe: "Name of the server; that of the capability by default" })
      .option("dry-run", { type: "boolean", default: false, describe: "Print what would be added, and write nothing" })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "Replace a server of that name that naftiko does not start",
      }),
  handler: async (argv, context) => {
    const { installCapabilities } = await import("../install/install-capabilities.ts");
    const { passedOptions } = await import("../install/passed-options.ts");
    const { client, capability: written, name, "dry-run": dryRun, force } = argv;
    const { options: rows } = usageOf({ command: "mcp", describe: "", builder: toolOptions });
    const options = passedOptions(rows, argv, context.cwd);
    const open = givenOptions(openOptions, argv);
    return installCapabilities({ client, written, name, options, open, dryRun, force }, context);
  },
};
