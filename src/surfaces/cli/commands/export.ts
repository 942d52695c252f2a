import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";

const USAGE = `naftiko export openapi <capability>
naftiko export openapi <capability> -o openapi.yaml
naftiko export openapi <capability> --exposed
naftiko export skill <capability> [-o FOLDER]
naftiko export mcpb <capability> [-o FILE]

openapi writes the operations of a capability as an OpenAPI document. What OpenAPI has no word
for is kept in members named x-naftiko: the import of the document gives the capability again.
With --exposed it is the document of what the capability serves by REST.

skill writes a folder from which an agent learns to use the capability through this command:
SKILL.md, a reference for each resource, and the capability file.

mcpb writes a bundle that clients of agents install: the capability, and the command that serves it.`;

interface Given {
  readonly kind: "openapi" | "skill" | "mcpb";
  readonly capability: string;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly format: "yaml" | "json" | undefined;
  readonly "spec-version": "3.0" | "3.1";
  readonly adapter: string | undefined;
  readonly exposed: boolean;
}

export const exportCommand: CommandModule<Given> = {
  command: "export <kind> <capability>",
  describe: "Write a capability as an OpenAPI document, or as a skill or a bundle for agents",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("kind", {
        choices: ["openapi", "skill", "mcpb"] as const,
        demandOption: true,
        describe: "What is written",
      })
      .positional("capability", { type: "string", demandOption: true, describe: "Name, or path of a file" })
      .option("out", {
        ...TEXT,
        alias: "o",
        describe:
          "File to write; without it, or with -, a document is printed. Of a skill: its folder if it is new, or the one to make it in",
      })
      .option("force", { type: "boolean", default: false, describe: "skill: replace files that are there" })
      .option("format", {
        choices: ["yaml", "json"] as const,
        alias: "f",
        describe: "openapi: form of what is written; by the name of the file, or YAML",
      })
      .option("spec-version", {
        choices: ["3.0", "3.1"] as const,
        default: "3.1" as const,
        describe: "openapi: version of OpenAPI",
      })
      .option("adapter", {
        ...TEXT,
        value: "NAMESPACE",
        describe: "openapi: namespace of the one API or server to write, if the capability has several",
      })
      .option("exposed", {
        type: "boolean",
        default: false,
        describe: "openapi: write what the capability serves by REST, in place of what it consumes",
      })
      .options(sharedOptions("dir", "allow-import", "no-implied-auth", "quiet")),
  handler: async (argv, context) => {
    const { capability, out, format: form, "spec-version": version, adapter, exposed, force } = argv;
    const open = givenOptions(openOptions, argv);
    const { quiet = false } = givenOptions(ownOptions, { ...argv, out: undefined });
    if (argv.kind !== "openapi" && (form !== undefined || adapter !== undefined || exposed))
      throw usageError("Options --format, --adapter and --exposed go with export openapi");
    if (argv.kind === "skill") {
      const { exportSkill } = await import("../skill/export-skill.ts");
      return exportSkill({ capability, open, out, force, quiet }, context);
    }
    if (force) throw usageError("Option --force goes with export skill: a document or bundle replaces the file");
    if (argv.kind === "mcpb") {
      const { exportMcpb } = await import("../bundle/export-mcpb.ts");
      return exportMcpb({ capability, open, out }, context);
    }
    const { exportOpenApiDocument } = await import("../export-openapi-document.ts");
    return exportOpenApiDocument({ capability, open, out, form, version, adapter, exposed, quiet }, context);
  },
};
