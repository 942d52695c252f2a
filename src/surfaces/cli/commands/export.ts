import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";

const USAGE = `naftiko export openapi <capability>
naftiko export openapi <capability> -o openapi.yaml
naftiko export openapi <capability> --exposed

Writes the operations of a capability as an OpenAPI document. What OpenAPI has no word for
is kept in members named x-naftiko: the import of the document gives the capability again.
With --exposed it is the document of what the capability serves by REST.`;

interface Given {
  readonly kind: "openapi";
  readonly capability: string;
  readonly out: string | undefined;
  readonly format: "yaml" | "json" | undefined;
  readonly "spec-version": "3.0" | "3.1";
  readonly adapter: string | undefined;
  readonly exposed: boolean;
}

export const exportCommand: CommandModule<Given> = {
  command: "export <kind> <capability>",
  describe: "Write the operations of a capability as an OpenAPI document",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("kind", { choices: ["openapi"] as const, demandOption: true, describe: "Form of the document" })
      .positional("capability", { type: "string", demandOption: true, describe: "Name, or path of a file" })
      .option("out", { ...TEXT, alias: "o", describe: "File to write; without it, or with -, the document is printed" })
      .option("format", {
        choices: ["yaml", "json"] as const,
        alias: "f",
        describe: "Form of what is written; by the name of the file, or YAML",
      })
      .option("spec-version", {
        choices: ["3.0", "3.1"] as const,
        default: "3.1" as const,
        describe: "Version of OpenAPI",
      })
      .option("adapter", {
        ...TEXT,
        value: "NAMESPACE",
        describe: "Namespace of the one API or server to write, if the capability has several",
      })
      .option("exposed", {
        type: "boolean",
        default: false,
        describe: "Write what the capability serves by REST, in place of what it consumes",
      })
      .options(sharedOptions("dir", "allow-import", "no-implied-auth", "quiet")),
  handler: async (argv, context) => {
    const { exportOpenApiDocument } = await import("../export-openapi-document.ts");
    const { quiet = false } = givenOptions(ownOptions, { ...argv, out: undefined });
    const { capability, out, format: form, "spec-version": version, adapter, exposed } = argv;
    const open = givenOptions(openOptions, argv);
    return exportOpenApiDocument({ capability, open, out, form, version, adapter, exposed, quiet }, context);
  },
};
