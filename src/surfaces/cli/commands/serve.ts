import path from "node:path";
import type { RatePolicy } from "../../../serving/rate/rate-policy.ts";
import type { TlsFiles } from "../../../serving/tls-files.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../../tools/answer/answer-settings.ts";
import {
  type CommandModule,
  givenOpenOptions,
  givenOptions,
  optionTexts,
  POLICY_OPTIONS,
  portOf,
  sharedOptions,
  TEXT,
} from "../command-module.ts";
import { MAX_TOKENS, maxTokensOf } from "../mcp/tool-options.ts";
import { originOf } from "../origin-of.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";

interface Given {
  readonly capability: string[];
  readonly port: string | undefined;
  readonly host: string | undefined;
  readonly "health-port": string | undefined;
  readonly watch: boolean;
  readonly "tls-cert": string | undefined;
  readonly "tls-key": string | undefined;
  readonly "max-connections": string;
  readonly "rate-limit": string | undefined;
  readonly redis: string | undefined;
  readonly "state-key": string | undefined;
  readonly "max-tokens": string | undefined;
}

export const serveCommand: CommandModule<Given> = {
  command: "serve <capability..>",
  describe: "Serve what capabilities expose, each adapter at its address",
  repeatable: ["cors-origin"],
  builder: builder =>
    builder
      .positional("capability", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Names, paths of files, or folders",
      })
      .option("port", {
        ...TEXT,
        value: "N",
        describe: "One port for all, each capability under /<its name>/; 0: any free one",
      })
      .option("host", { ...TEXT, value: "HOST", describe: "Address to listen on, in place of those of the files" })
      .option("health-port", {
        ...TEXT,
        value: "N",
        describe: "Port that tells whether the server is ready, at /health/ready; 0: any free one",
      })
      .option("watch", { type: "boolean", default: false, describe: "Serve files anew when they change" })
      .option("tls-cert", {
        ...TEXT,
        value: "FILE",
        describe: "Certificate in PEM, with --tls-key; read again when it changes",
      })
      .option("tls-key", { ...TEXT, value: "FILE", describe: "Its key in PEM" })
      .option("cors-origin", {
        ...TEXT,
        value: "ORIGIN",
        describe: "Origin whose pages may call, such as https://app.example; repeatable, * for all",
      })
      .option("max-connections", {
        ...TEXT,
        value: "N",
        default: "10000",
        describe: "Connections to each port at the same time",
      })
      .option("rate-limit", {
        ...TEXT,
        value: "N/TIME",
        describe: "Requests that each caller may send in a time, such as 100/1m; by default no limit",
      })
      .option("redis", {
        ...TEXT,
        value: "URL",
        describe: "Redis by which copies of the server share limits, tokens and keys; @FILE for a file with the URL",
      })
      .option("state-key", {
        ...TEXT,
        value: "FILE",
        describe: "File with the secret by which copies encrypt what they share",
      })
      .option("max-tokens", MAX_TOKENS)
      .options(
        sharedOptions(
          ...(["dir", "allow-import", "env-file", "config", "profile", "allow-bind-files", "bind-timeout"] as const),
          ...(["allow-scripts", "allow-folders"] as const),
          ...(["base-uri", "no-implied-auth", "timeout", "connect-timeout", "deadline", "retries"] as const),
          ...(["max-redirects", "max-bytes", "max-values", "max-decode-time"] as const),
          ...(["allow-host", "egress", "ca-cert", "allow-insecure-auth"] as const),
          ...POLICY_OPTIONS,
        ),
      ),
  handler: async (argv, context) => {
    const { envFiles = [], config } = givenOptions(ownOptions, argv);
    const { capability: written, port, host, "health-port": healthPort, watch } = argv;
    const given: Readonly<Record<string, unknown>> = argv;
    const { serveCapabilities } = await import("../serve/serve-capabilities.ts");
    return serveCapabilities(
      {
        ...{ written, watch, envFiles, config },
        host: host === undefined ? undefined : hostOf(host),
        port: port === undefined ? undefined : portOf(port),
        healthPort: healthPort === undefined ? undefined : portOf(healthPort, "--health-port"),
        tls: tlsFiles(argv["tls-cert"], argv["tls-key"], context.cwd),
        origins: optionTexts(given["cors-origin"]).map(originOf),
        maxConnections: connectionsOf(argv["max-connections"]),
        rateLimit: await policyOf(argv["rate-limit"]),
        sharing: { redis: argv.redis, stateKeyFile: argv["state-key"] },
        answers: { ...DEFAULT_ANSWER_SETTINGS, maxTokens: maxTokensOf(argv["max-tokens"]) },
        open: givenOpenOptions(argv),
        baseUris: optionTexts(given["base-uri"]),
        caCert: optionTexts(given["ca-cert"]).at(-1),
      },
      context,
    );
  },
};

function tlsFiles(cert: string | undefined, key: string | undefined, cwd: string): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw usageError("Options --tls-cert and --tls-key take each other");
  return { cert: path.resolve(cwd, cert), key: path.resolve(cwd, key) };
}

/** Returns a host without the brackets of an IPv6 address. Node would take an empty one for every address there is. */
function hostOf(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, "$1");
  if (host !== "") return host;
  throw usageError("Option --host is a name or an address, such as 127.0.0.1, found nothing");
}

function connectionsOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw usageError(`Option --max-connections is a number from 1 on, found ${JSON.stringify(text)}`);
}

async function policyOf(text: string | undefined): Promise<RatePolicy | undefined> {
  if (text === undefined) return undefined;
  const { parseRatePolicy } = await import("../../../serving/rate/rate-policy.ts");
  const policy = parseRatePolicy(text);
  if (policy !== undefined) return policy;
  throw usageError(
    `Option --rate-limit is a number of requests in a time, such as 100/1m, found ${JSON.stringify(text)}`,
  );
}
