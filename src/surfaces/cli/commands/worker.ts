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
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { QUEUE_OPTION } from "./batch-queue.ts";

interface Given {
  readonly queue: string | undefined;
  readonly concurrency: string;
  readonly "health-port": string | undefined;
  readonly host: string | undefined;
}

export const workerCommand: CommandModule<Given> = {
  command: "worker",
  describe: "Work off the rows of batches on a queue",
  repeatable: ["capability"],
  builder: builder =>
    builder
      .option("queue", QUEUE_OPTION)
      .option("capability", {
        ...TEXT,
        value: "FILE",
        describe:
          "File, name or folder of capabilities whose rows are taken; repeatable, by default all that have names",
      })
      .option("concurrency", {
        ...TEXT,
        value: "N",
        default: "10",
        describe: "Calls at the same time, of all capabilities together",
      })
      .option("health-port", {
        ...TEXT,
        value: "N",
        describe: "Port that tells whether the worker takes rows, at /health/ready; 0: any free one",
      })
      .option("host", { ...TEXT, value: "HOST", describe: "Address of --health-port, 127.0.0.1 by default" })
      .options(
        sharedOptions(
          ...(["dir", "allow-import", "env-file", "config", "profile", "allow-bind-files", "bind-timeout"] as const),
          ...(["allow-scripts", "allow-folders"] as const),
          ...(["base-uri", "no-implied-auth", "timeout", "connect-timeout", "deadline", "retries"] as const),
          ...(["max-redirects", "max-bytes", "max-values", "max-decode-time"] as const),
          ...(["allow-host", "egress", "ca-cert", "allow-insecure-auth"] as const),
          ...POLICY_OPTIONS,
        ),
      ) as never,
  handler: async (argv, context) => {
    const { envFiles = [], config } = givenOptions(ownOptions, argv);
    const { queue, host, "health-port": healthPort } = argv;
    const given: Readonly<Record<string, unknown>> = argv;
    const { runWorker } = await import("../worker/run-worker.ts");
    return runWorker(
      {
        ...{ queue, envFiles, config, host },
        written: optionTexts(given["capability"]),
        concurrency: concurrencyOf(argv.concurrency),
        healthPort: healthPort === undefined ? undefined : portOf(healthPort, "--health-port"),
        open: givenOpenOptions(argv),
        baseUris: optionTexts(given["base-uri"]),
        caCert: optionTexts(given["ca-cert"]).at(-1),
      },
      context,
    );
  },
};

function concurrencyOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw usageError(`Option --concurrency is a number from 1 to 9999, found ${JSON.stringify(text)}`);
}
