import { parseMaxErrors } from "../../../batch/max-errors.ts";
import { parseShard, WHOLE } from "../../../batch/shard.ts";
import { callOptions } from "../../../engine/options.ts";
import {
  type CommandModule,
  givenOpenOptions,
  givenOptions,
  optionTexts,
  POLICY_OPTIONS,
  sharedOptions,
  TEXT,
} from "../command-module.ts";
import { ownOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { queuedBatchCommands } from "./batch-queue.ts";

interface Given {
  readonly capability: string;
  readonly operation: string;
  readonly from: string;
  readonly concurrency: string | undefined;
  readonly queue: string | undefined;
  readonly detach: boolean;
  readonly rate: string | undefined;
  readonly key: string | undefined;
  readonly out: string | undefined;
  readonly failed: string | undefined;
  readonly resume: boolean;
  readonly "max-errors": string | undefined;
  readonly "dry-run": boolean;
  readonly shard: string | undefined;
  readonly order: "finished" | "rows";
  readonly mock: boolean;
  readonly quiet: boolean;
  readonly output: "json" | undefined;
}

const EXIT_CODES = `Exit codes are those of naftiko run, and:
    0  all rows are done
    2  refused before anything was sent: options, rows, a file that is there
    5  rows have failed
  130  interrupted: running calls have ended, and no others have begun

See docs/batch.md for rows, keys, and what is kept.`;

/** Most calls at once. */
const MOST_AT_ONCE = 10_000;

export const batchCommand: CommandModule<Given> = {
  command: "batch <capability> <operation>",
  describe: "Call an operation for each row of a file",
  repeatable: ["map", "set"],
  below: queuedBatchCommands,
  keepsOptions: true,
  builder: builder =>
    builder
      .usage("naftiko batch <capability> <operation> --from FILE [options]")
      .positional("capability", { type: "string", demandOption: true, describe: "A name, or the path of a file" })
      .positional("operation", { type: "string", demandOption: true, describe: "A name, or METHOD /path" })
      .option("from", {
        ...TEXT,
        demandOption: true,
        value: "FILE",
        describe: "Rows: a CSV file, JSON lines, or - for JSON lines on standard input",
      })
      .option("map", {
        ...TEXT,
        value: "INPUT=COLUMN",
        describe: "The column of an input; by default the one of its name; repeatable",
      })
      .option("set", {
        ...TEXT,
        value: "INPUT=VALUE",
        describe: "An input of every row, as naftiko run takes it; repeatable",
      })
      .option("concurrency", {
        ...TEXT,
        value: "N",
        describe: "Calls at once, 10 by default; with --queue those of all workers, by default as many as they do",
      })
      .option("rate", {
        ...TEXT,
        value: "N/TIME",
        describe: "Requests that begin in a time, spread evenly, such as 50/1s or 1000/1m",
      })
      .option("key", {
        ...TEXT,
        value: "COLUMN",
        describe: "The key of a row: a column, a JSONPath or a template; a second row of a key is not sent",
      })
      .option("out", {
        ...TEXT,
        value: "FILE",
        describe: "Results, one JSON object a line; with a journal beside it, from which --resume goes on",
      })
      .option("failed", {
        ...TEXT,
        value: "FILE",
        describe: "Failed rows with their inputs, in place of --out; it can be a --from again",
      })
      .option("resume", { type: "boolean", default: false, describe: "Go on with the run that --out is from" })
      .option("max-errors", {
        ...TEXT,
        value: "N",
        describe: "Stop when so many rows have failed: a number, or a percentage such as 5%",
      })
      .option("dry-run", {
        type: "boolean",
        default: false,
        describe: "Read all rows, print counts and the first request, and send nothing",
      })
      .option("shard", { ...TEXT, value: "I/N", describe: "Take one of N equal parts of the rows, such as 1/4" })
      .option("queue", {
        ...TEXT,
        value: "URL",
        describe: "Give the rows to workers: redis://, rediss:// or postgres://, or @FILE for a file with the URL",
      })
      .option("detach", {
        type: "boolean",
        default: false,
        describe: "With --queue: end when the rows are there, and print the id of the batch for naftiko batch results",
      })
      .option("order", {
        choices: ["finished", "rows"],
        default: "finished",
        describe: "Order of the results",
      } as const)
      .option("output", { choices: ["json"], describe: "Write the summary as JSON, to standard error" } as const)
      .options(
        sharedOptions(
          ...(["mock", "quiet", "header", "query", "base-uri", "dir", "allow-import", "env-file", "config"] as const),
          ...(["profile", "allow-bind-files", "bind-timeout", "allow-scripts", "no-implied-auth"] as const),
          ...(["timeout", "connect-timeout", "deadline", "retries", "max-redirects"] as const),
          ...(["max-bytes", "max-values", "max-decode-time"] as const),
          ...(["allow-host", "egress", "ca-cert", "allow-insecure-auth"] as const),
          ...POLICY_OPTIONS,
        ),
      )
      .epilogue(EXIT_CODES) as never,
  handler: async (argv, context) => {
    const { envFiles = [], config } = givenOptions(ownOptions, argv);
    const { headers, query } = givenOptions(callOptions, argv);
    const given: Readonly<Record<string, unknown>> = argv;
    const { capability, operation, from, out, failed, resume, key, order } = argv;
    if (resume && out === undefined)
      throw usageError("Option --resume takes --out FILE with it: without one nothing is kept");
    if (argv.queue !== undefined) requireForWorkers(given);
    if (argv.detach) requireDetachable(argv);
    if (out === "-" || failed === "-")
      throw usageError("Options --out and --failed name files: leave --out away for standard output");
    const { batchRows } = await import("../batch/batch-rows.ts");
    return batchRows(
      {
        ...{ capability, operation, from, out, failed, resume, key, order, config, envFiles, headers, query },
        maps: pairsOf("map", optionTexts(given["map"])),
        sets: pairsOf("set", optionTexts(given["set"])),
        concurrency: argv.concurrency === undefined ? undefined : concurrencyOf(argv.concurrency),
        rateText: argv.rate,
        queue: argv.queue,
        detach: argv.detach,
        rate: argv.rate === undefined ? undefined : await rateOf(argv.rate),
        maxErrors: argv["max-errors"] === undefined ? undefined : maxErrorsOf(argv["max-errors"]),
        shard: argv.shard === undefined ? WHOLE : shardOf(argv.shard),
        dryRun: argv["dry-run"],
        mock: argv.mock === true,
        quiet: argv.quiet === true,
        isJson: argv.output === "json",
        open: givenOpenOptions(argv),
        baseUris: optionTexts(given["base-uri"]),
        caCert: optionTexts(given["ca-cert"]).at(-1),
      },
      context,
    );
  },
};

/** Options of calls, which workers make. */
const OF_WORKERS = [
  "base-uri",
  "header",
  "query",
  "mock",
  "timeout",
  "connect-timeout",
  "deadline",
  "retries",
] as const;

function requireForWorkers(given: Readonly<Record<string, unknown>>): void {
  const own = OF_WORKERS.filter(name => given[name] !== undefined && given[name] !== false).map(name => `--${name}`);
  if (own.length === 0) return;
  const them = own.length === 1 ? "it" : "them";
  throw usageError(`With --queue, workers make the calls: give ${them} to naftiko worker, not here: ${own.join(", ")}`);
}

function requireDetachable(argv: Given): void {
  if (argv.queue === undefined) throw usageError("Option --detach takes --queue URL with it");
  const waiting = (["out", "failed", "resume", "concurrency", "max-errors"] as const).filter(name => {
    const value = argv[name];
    return value !== undefined && value !== false;
  });
  if (waiting.length === 0) return;
  const names = waiting.map(name => `--${name}`).join(", ");
  throw usageError(
    `With --detach nobody waits for the rows, as ${names} need: naftiko batch results <id> writes --out and --failed`,
  );
}

function pairsOf(option: string, texts: readonly string[]): (readonly [string, string])[] {
  return texts.map(text => {
    const equals = text.indexOf("=");
    if (equals < 1)
      throw usageError(
        `Option --${option} takes ${option === "map" ? "input=column" : "input=value"}, found ${JSON.stringify(text)}`,
      );
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
}

function concurrencyOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_AT_ONCE) return Number(text);
  throw usageError(`Option --concurrency is a number from 1 to ${MOST_AT_ONCE}, found ${JSON.stringify(text)}`);
}

async function rateOf(text: string) {
  const { parseRatePolicy } = await import("../../../serving/rate/rate-policy.ts");
  const policy = parseRatePolicy(text);
  if (policy !== undefined) return { requests: policy.requests, intervalMs: policy.windowSeconds * 1_000 };
  throw usageError(
    `Option --rate is a number of requests in a time, such as 50/1s or 1000/1m, found ${JSON.stringify(text)}`,
  );
}

function maxErrorsOf(text: string) {
  const maxErrors = parseMaxErrors(text);
  if (maxErrors !== undefined) return maxErrors;
  throw usageError(
    `Option --max-errors is a number from 1 on, or a percentage such as 5%, found ${JSON.stringify(text)}`,
  );
}

function shardOf(text: string) {
  const shard = parseShard(text);
  if (shard !== undefined) return shard;
  throw usageError(`Option --shard is I/N, from 1/N to N/N, such as 1/4, found ${JSON.stringify(text)}`);
}
