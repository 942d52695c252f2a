import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { type CacheArguments, cacheArguments } from "./cache-arguments.ts";
import { type CassetteArguments, cassetteArguments } from "./cassette-arguments.ts";
import { parseDuration } from "./parse-duration.ts";
import {
  DRY_RUN_FORMS,
  EGRESS_MODES,
  type EgressMode,
  OUTPUT_FORMATS,
  type OutputFormat,
  type RunOption,
} from "./run-options.ts";
import { type GivenInput, type GivenOptions, scanArguments } from "./scan-arguments.ts";
import { type DryRunForm, showForms } from "./show/show-forms.ts";
import { usageError } from "./usage-error.ts";

/** The command line of `run`. */
export interface RunArguments {
  readonly capability: string | undefined;
  readonly operation: string | undefined;
  /** In the order of the command line. */
  readonly inputs: readonly GivenInput[];
  /** Options that were used by their long name. */
  readonly used: ReadonlySet<string>;
  readonly inputsJson: string | undefined;
  readonly dirs: readonly string[];
  readonly importRoots: readonly string[];
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly bindFileRoots: readonly string[];
  readonly bindTimeoutMs: number | undefined;
  readonly baseUris: readonly string[];
  readonly envFiles: readonly string[];
  /** How the request is written in place of being sent. */
  readonly dryRun: DryRunForm | undefined;
  readonly showSecrets: boolean;
  readonly mock: boolean;
  readonly cassette: CassetteArguments | undefined;
  readonly cache: CacheArguments | undefined;
  readonly select: string | undefined;
  readonly output: OutputFormat | undefined;
  readonly out: string | undefined;
  readonly all: boolean;
  readonly maxPages: number | undefined;
  readonly maxItems: number | undefined;
  readonly until: string | undefined;
  readonly everyMs: number | undefined;
  readonly forMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly retries: number | undefined;
  /** A key, or whether one is made up. */
  readonly idempotencyKey: string | boolean | undefined;
  readonly maxResponseBytes: number | undefined;
  readonly maxResponseValues: number | undefined;
  readonly maxDecodeMs: number | undefined;
  readonly maxRedirects: number | undefined;
  /** Absent where none is given. */
  readonly allowHosts: readonly string[] | undefined;
  readonly egress: EgressMode | undefined;
  readonly caCert: string | undefined;
  readonly impliedAuthentication: boolean;
  readonly allowInsecureAuthentication: boolean;
  readonly verbose: boolean;
  readonly traceHar: string | undefined;
  readonly quiet: boolean;
  readonly help: boolean;
}

export const USAGE = "naftiko run <capability> <operation> [--<input> <value>…] [options]";

/**
 * Reads the arguments behind `run`.
 *
 * @throws CapabilityError `USAGE`
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const { options, inputs, operands, used } = scanArguments(args);
  const { capability, operation } = readOperands(operands, options);
  const output = outputFormat(single(options, "output"));
  const select = single(options, "select");
  const out = single(options, "out");
  const dryRun = dryRunForm(options, output);
  const mock = flag(options, "mock");
  const showSecrets = flag(options, "show-secrets");
  if (showSecrets && dryRun === undefined)
    throw usageError("Option --show-secrets is about what --dry-run prints: add --dry-run", USAGE);
  if (mock && dryRun !== undefined && !showForms[dryRun].isPlain) {
    throw usageError(
      `Option --dry-run=${dryRun} shows a call of the API, and the sandbox of --mock is gone before anyone can call it: leave --mock out`,
      USAGE,
    );
  }
  if (output === "raw" && select !== undefined) {
    throw usageError(
      "Option --select reads the outputs, which --output raw does not make: leave one out",
      USAGE,
    );
  }
  if (out !== undefined && (select !== undefined || (output !== undefined && output !== "raw"))) {
    const other = select === undefined ? `--output ${output}` : "--select";
    throw usageError(`Option --out writes the body as received, without ${other}: leave one out`, USAGE);
  }
  const cassette = cassetteArguments(
    {
      record: single(options, "record"),
      append: single(options, "record-append"),
      replay: single(options, "replay"),
      redact: options.get("redact"),
    },
    { mock, dryRun: dryRun !== undefined },
  );
  const traceHar = single(options, "trace-har");
  if (traceHar !== undefined && dryRun !== undefined) {
    throw usageError(
      "Option --trace-har needs a call, and --dry-run makes none: leave one out, or print --dry-run=har",
      USAGE,
    );
  }
  const all = flag(options, "all");
  const until = single(options, "until");
  requireOwner(options, ["max-pages", "max-items"], all, "all");
  requireOwner(options, ["every", "for"], until !== undefined, "until");
  if (all && until !== undefined) throw usageError("Use either --all or --until, not both", USAGE);
  if ((output === "raw" || out !== undefined) && (all || until !== undefined)) {
    const other = out === undefined ? "--output raw" : "--out";
    throw usageError(
      `Option --${all ? "all" : "until"} reads what answers hold, which ${other} does not: leave one out`,
      USAGE,
    );
  }
  return {
    capability,
    operation,
    inputs,
    used,
    inputsJson: single(options, "inputs"),
    dirs: options.get("dir") ?? [],
    importRoots: options.get("allow-import") ?? [],
    config: single(options, "config"),
    profile: single(options, "profile"),
    bindFileRoots: options.get("allow-bind-files") ?? [],
    bindTimeoutMs: wholeNumber(options, "bind-timeout"),
    baseUris: options.get("base-uri") ?? [],
    envFiles: options.get("env-file") ?? [],
    dryRun,
    showSecrets,
    mock,
    cassette,
    cache: cacheArguments(options.get("cache")?.at(-1), { mock, cassette }),
    select,
    output,
    out,
    all,
    maxPages: positiveNumber(options, "max-pages"),
    maxItems: positiveNumber(options, "max-items"),
    until,
    everyMs: duration(options, "every"),
    forMs: duration(options, "for"),
    timeoutMs: wholeNumber(options, "timeout"),
    connectTimeoutMs: timeLimit(options, "connect-timeout"),
    deadlineMs: timeLimit(options, "deadline"),
    retries: wholeNumber(options, "retries"),
    idempotencyKey: idempotencyKey(options),
    maxResponseBytes: wholeNumber(options, "max-bytes"),
    maxResponseValues: wholeNumber(options, "max-values"),
    maxDecodeMs: wholeNumber(options, "max-decode-time"),
    maxRedirects: wholeNumber(options, "max-redirects"),
    allowHosts: options.get("allow-host"),
    egress: egressMode(options),
    caCert: single(options, "ca-cert"),
    impliedAuthentication: !flag(options, "no-implied-auth"),
    allowInsecureAuthentication: flag(options, "allow-insecure-auth"),
    verbose: flag(options, "verbose"),
    traceHar,
    quiet: flag(options, "quiet"),
    help: flag(options, "help"),
  };
}

/** `GET /path` may also be written as two words. */
function readOperands(
  operands: readonly string[],
  options: GivenOptions,
): {
  capability: string | undefined;
  operation: string | undefined;
} {
  const [capability, operation, path, ...more] = operands;
  if (path === undefined) return { capability, operation };
  if (more.length === 0 && path.startsWith("/") && /^[A-Za-z]+$/.test(operation ?? "")) {
    return { capability, operation: `${operation} ${path}` };
  }
  const hint = options.has("cache") ? ", the file of a cache --cache=FILE" : "";
  throw usageError(
    `Unexpected argument ${JSON.stringify(path)}: inputs are written --name value${hint}`,
    USAGE,
  );
}

function single(options: GivenOptions, name: RunOption): string | undefined {
  const [value, ...others] = options.get(name) ?? [];
  if (others.length === 0) return value;
  throw usageError(`Option --${name} is given ${others.length + 1} times`, USAGE);
}

function flag(options: GivenOptions, name: RunOption): boolean {
  const text = options.get(name)?.at(-1) ?? "false";
  if (text === "true" || text === "false") return text === "true";
  throw usageError(`Option --${name} takes no value, found ${JSON.stringify(text)}`, USAGE);
}

/** Without a form the request is text, or JSON where all output is. */
function dryRunForm(options: GivenOptions, output: OutputFormat | undefined): DryRunForm | undefined {
  const text = options.get("dry-run")?.at(-1) ?? "false";
  if (text === "false") return undefined;
  if (text === "true") return output === "json" ? "json" : "text";
  const form = DRY_RUN_FORMS.find(candidate => candidate === text);
  if (form !== undefined) return form;
  throw usageError(
    `Option --dry-run is one of ${DRY_RUN_FORMS.join(", ")}, found ${JSON.stringify(text)}${didYouMean(suggest(text, DRY_RUN_FORMS))}`,
    USAGE,
  );
}

function wholeNumber(options: GivenOptions, name: RunOption): number | undefined {
  const text = single(options, name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`Option --${name} takes a whole number, found ${JSON.stringify(text)}`, USAGE);
}

function positiveNumber(options: GivenOptions, name: RunOption): number | undefined {
  const number = wholeNumber(options, name);
  if (number === 0) throw usageError(`Option --${name} takes a number from 1 on, found "0"`, USAGE);
  return number;
}

function duration(options: GivenOptions, name: RunOption): number | undefined {
  const text = single(options, name);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw usageError(
    `Option --${name} takes a duration such as 500ms, 5s, 2m or 1h, found ${JSON.stringify(text)}`,
    USAGE,
  );
}

/** An option that only says more of another is a slip of the pen without it. */
function requireOwner(
  options: GivenOptions,
  names: readonly RunOption[],
  isGiven: boolean,
  owner: RunOption,
): void {
  for (const name of names) {
    if (options.has(name) && !isGiven) throw usageError(`Option --${name} goes with --${owner}`, USAGE);
  }
}

/** In milliseconds, or with a unit. */
function timeLimit(options: GivenOptions, name: RunOption): number | undefined {
  return /^\d+$/.test(options.get(name)?.[0] ?? "") ? wholeNumber(options, name) : duration(options, name);
}

function idempotencyKey(options: GivenOptions): string | boolean | undefined {
  const text = options.get("idempotency-key")?.at(-1);
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  if (/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(text)) return text;
  throw usageError(`Option --idempotency-key cannot send ${JSON.stringify(text)} as a header`, USAGE);
}

function egressMode(options: GivenOptions): EgressMode | undefined {
  const text = single(options, "egress");
  const mode = EGRESS_MODES.find(candidate => candidate === text);
  if (text === undefined || mode !== undefined) return mode;
  throw usageError(
    `Option --egress is one of ${EGRESS_MODES.join(", ")}, found ${JSON.stringify(text)}${didYouMean(suggest(text, EGRESS_MODES))}`,
    USAGE,
  );
}

function outputFormat(text: string | undefined): OutputFormat | undefined {
  if (text === undefined) return undefined;
  const format = OUTPUT_FORMATS.find(candidate => candidate === text);
  if (format !== undefined) return format;
  throw usageError(
    `Option --output is one of ${OUTPUT_FORMATS.join(", ")}, found ${JSON.stringify(text)}`,
    USAGE,
  );
}
