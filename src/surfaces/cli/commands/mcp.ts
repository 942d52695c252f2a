import { callOptions } from "../../../engine/options.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../../tools/answer/answer-settings.ts";
import {
  type CommandModule,
  givenOpenOptions,
  givenOptions,
  optionTexts,
  sharedOptions,
  TEXT,
} from "../command-module.ts";
import { maxTokensOf, type ToolOptions, toolOptions, USUAL_TOOL_LIMIT } from "../mcp/tool-options.ts";
import { originOf } from "../origin-of.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { mcpInstallCommand } from "./mcp-install.ts";

interface Given extends ToolOptions {
  readonly capability: string[];
  readonly http: string | undefined;
  readonly "token-env": string | undefined;
}

/** An option that the commands below do not take. */
const OWN = { ...TEXT, global: false } as const;

export const mcpCommand: CommandModule<Given> = {
  command: "mcp <capability..>",
  describe: "Serve the operations of capabilities as tools to agents (MCP), over standard input and output",
  repeatable: ["cors-origin"],
  below: [mcpInstallCommand] as readonly CommandModule[],
  builder: builder =>
    toolOptions(builder)
      .positional("capability", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Names, paths of files, or folders; what a file exposes is served by naftiko serve",
      })
      .option("http", {
        ...OWN,
        value: "HOST:PORT",
        describe: "Serve over HTTP there, in place of standard input and output; port 0: any free one",
      })
      .option("token-env", {
        ...OWN,
        value: "NAME",
        describe: "With --http: variable with the bearer token that clients have to present",
      })
      .option("cors-origin", {
        ...OWN,
        value: "ORIGIN",
        describe: "With --http: origin whose pages may call, such as https://app.example; repeatable, * for all",
      })
      .option("header", { ...sharedOptions("header").header, global: false }),
  handler: async (argv, context) => {
    const { envFiles = [], config } = givenOptions(ownOptions, argv);
    const given: Readonly<Record<string, unknown>> = argv;
    const { http, capability: written } = argv;
    const origins = optionTexts(given["cors-origin"]).map(originOf);
    if (http === undefined && (argv["token-env"] !== undefined || origins.length > 0))
      throw usageError("Options --token-env and --cors-origin take --http with them");
    const { serveTools } = await import("../mcp/serve-tools.ts");
    return serveTools(
      {
        ...{ written, envFiles, config, origins },
        http: http === undefined ? undefined : addressOf(http),
        tokenVariable: argv["token-env"],
        toolLimit: toolLimitOf(argv["tool-limit"]),
        answers: {
          maxTokens: maxTokensOf(argv["max-tokens"]),
          format: argv.format ?? DEFAULT_ANSWER_SETTINGS.format,
        },
        open: givenOpenOptions(argv),
        baseUris: optionTexts(given["base-uri"]),
        caCert: optionTexts(given["ca-cert"]).at(-1),
        headers: givenOptions(callOptions, argv).headers,
      },
      context,
    );
  },
};

function toolLimitOf(text: string | undefined): number {
  if (text === undefined) return USUAL_TOOL_LIMIT;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(`Option --tool-limit is a number from 0, found ${JSON.stringify(text)}`);
}

/** Reads `HOST:PORT`. An IPv6 address stands in brackets. */
function addressOf(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:.%\w]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw usageError(`Option --http is HOST:PORT, such as 127.0.0.1:8090, found ${JSON.stringify(text)}`);
}
