import type { Argv, Options } from "yargs";
import { type CommandModule, sharedOptions, TEXT } from "../command-module.ts";

// What is done with a batch that nobody waits for: `naftiko batch <capability> <operation> --queue URL --detach`.

interface Given {
  readonly id: string;
  readonly queue: string | undefined;
}

interface GivenOutput extends Given {
  readonly output: "json" | undefined;
}

interface GivenFiles extends Given {
  readonly out: string | undefined;
  readonly failed: string | undefined;
}

/** Where a batch is: an option of all commands of queues. */
export const QUEUE_OPTION: Options & { readonly value: string } = {
  ...TEXT,
  value: "URL",
  describe: "redis://, rediss:// or postgres://; @FILE for a file with the URL; by default that of NAFTIKO_QUEUE",
};

const OUTPUT = { choices: ["json"], describe: "Print JSON" } as const;

/** Returns the options that every one of the commands has. */
function ofBatch(builder: Argv): Argv<Given> {
  return builder
    .positional("id", {
      type: "string",
      demandOption: true,
      describe: "The id that naftiko batch --detach has printed",
    })
    .option("queue", QUEUE_OPTION)
    .options(sharedOptions("quiet")) as never;
}

const statusCommand: CommandModule<GivenOutput> = {
  command: "status <id>",
  describe: "Tell how far a batch on a queue is",
  builder: builder => ofBatch(builder).option("output", OUTPUT) as never,
  handler: async ({ id, queue, output }, context) => {
    const { tellStatus } = await import("../batch/queued-batch.ts");
    return tellStatus({ id, queue }, output === "json", context);
  },
};

const resultsCommand: CommandModule<GivenFiles> = {
  command: "results <id>",
  describe: "Write the results that a batch on a queue has so far; they stay there",
  builder: builder =>
    ofBatch(builder)
      .option("out", {
        ...TEXT,
        value: "FILE",
        describe: "Results, one JSON object a line; by default standard output",
      })
      .option("failed", {
        ...TEXT,
        value: "FILE",
        describe: "Failed rows with their inputs, in place of --out",
      }) as never,
  handler: async ({ id, queue, out, failed }, context) => {
    const { writeResults } = await import("../batch/queued-batch.ts");
    return writeResults({ id, queue }, { out, failed }, context);
  },
};

const retryCommand: CommandModule<Given> = {
  command: "retry <id>",
  describe: "Put the failed rows of a batch on the queue again",
  builder: ofBatch,
  handler: async ({ id, queue }, context) => {
    const { retryRows } = await import("../batch/queued-batch.ts");
    return retryRows({ id, queue }, context);
  },
};

const cancelCommand: CommandModule<Given> = {
  command: "cancel <id>",
  describe: "Take the rows of a batch that wait off the queue, and remove its results",
  builder: ofBatch,
  handler: async ({ id, queue }, context) => {
    const { cancelRows } = await import("../batch/queued-batch.ts");
    return cancelRows({ id, queue }, context);
  },
};

/** The commands below `batch`. */
export const queuedBatchCommands = [
  statusCommand,
  resultsCommand,
  retryCommand,
  cancelCommand,
] as readonly CommandModule[];
