import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, sharedOptions, TEXT } from "../command-module.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";

const SPLITS = ["none", "tag", "path"] as const;

export const importCommand: CommandModule<{
  readonly kind: "curl" | "har" | "openapi";
  readonly source: string;
  readonly out: string | undefined;
  readonly split: (typeof SPLITS)[number];
  readonly namespace: string | undefined;
  readonly format: "json" | "yaml" | undefined;
  readonly force: boolean | undefined;
  readonly diff: string | undefined;
  readonly output: "json" | "text";
}> = {
  command: "import <kind> <source>",
  describe: "Make a capability of an OpenAPI description, a curl command or an HTTP Archive",
  builder: builder =>
    builder
      .positional("kind", {
        choices: ["openapi", "curl", "har"] as const,
        demandOption: true,
        describe: "Kind of the source",
      })
      .positional("source", {
        type: "string",
        demandOption: true,
        describe: "File or URL; for curl the command in quotes, or - to read it",
      })
      .option("out", {
        ...TEXT,
        alias: "o",
        describe: "File to write, or folder for one file per capability; without it, or with -, it is printed",
      })
      .option("split", {
        choices: SPLITS,
        default: "none" as const,
        describe: "Make one capability per tag, or per first segment of the path",
      })
      .option("namespace", {
        ...TEXT,
        value: "NAME",
        alias: "n",
        describe: "Namespace of the API; made of its title by default",
      })
      .option("format", {
        choices: ["yaml", "json"] as const,
        alias: "f",
        describe: "Form of what is written; by the name of the file, or YAML",
      })
      .option("force", { type: "boolean", describe: "Replace files that have another content" })
      .option("diff", {
        ...TEXT,
        describe:
          "Write nothing, and tell how the import would change this capability; exit code 3 if callers may break",
      })
      .option("output", {
        choices: ["text", "json"] as const,
        default: "text" as const,
        describe: "Form of the changes",
      })
      .options(
        sharedOptions(
          "allow-import",
          "timeout",
          "connect-timeout",
          "max-redirects",
          "allow-host",
          "egress",
          "ca-cert",
          "quiet",
        ),
      ),
  handler: async (argv, context) => {
    const { kind, source, out, split, namespace, format, force = false, diff, output } = argv;
    // The forms of `run --output` are others.
    const { quiet = false, noColor = false } = givenOptions(ownOptions, { ...argv, output: undefined });
    if (kind !== "openapi") {
      if (diff !== undefined || split !== "none") throw usageError("Options --diff and --split go with import openapi");
      if (kind === "har") {
        const { importHar } = await import("../import-har.ts");
        return importHar({ source, out, namespace, format, force, quiet }, context);
      }
      const { importCurl } = await import("../import-curl.ts");
      // Yargs gives an empty text for an argument that is a hyphen.
      return importCurl({ source: source === "" ? "-" : source, out, namespace, format, force, quiet }, context);
    }
    const { importOpenapi } = await import("../import-openapi.ts");
    const open = givenOptions(openOptions, argv);
    const { caCert } = argv as { readonly caCert?: string };
    const printing = { diff, output, quiet, noColor };
    return importOpenapi({ source, out, split, namespace, format, force, open, caCert, ...printing }, context);
  },
};
