import { withDefaults } from "../../base/option-row.ts";
import type { CallOptions, PagesOptions, WaitOptions } from "../../engine/call-options.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { callOptions, pagesOptions, waitOptions } from "../../engine/options.ts";
import { readChoice, readOpenOptions, readOptional, readOptions, readSingle } from "./read-options.ts";
import { DRY_RUN_FORMS, type OutputFormat, type OwnOptions, ownOptions, USAGE } from "./run-options.ts";
import { type GivenInput, type GivenOptions, scanArguments } from "./scan-arguments.ts";
import { type DryRunForm, showForms } from "./show/show-forms.ts";
import { usageError } from "./usage-error.ts";

/** The command line of `run`. */
export interface RunArguments extends Omit<OwnOptions, "input" | "record" | "recordAppend" | "replay" | "redact"> {
  readonly capability: string | undefined;
  readonly operation: string | undefined;
  /** In the order of the command line. */
  readonly inputs: readonly GivenInput[];
  /** Options that were used by their long name. */
  readonly used: ReadonlySet<string>;
  /** Options of opening the capability, as far as they were given. */
  readonly open: OpenOptions;
  /** Options of a call. */
  readonly call: CallOptions;
  /** Options of a walk through pages. */
  readonly pages: PagesOptions;
  /** Options of waiting. */
  readonly wait: Partial<WaitOptions>;
  readonly until: string | undefined;
  readonly baseUris: readonly string[];
  readonly caCert: string | undefined;
  readonly cassette: CassetteArguments | undefined;
  /** Whether answers are kept, or the file that they are kept in. */
  readonly cache: boolean | string | undefined;
}

/** A recording that a call is written to, or answered from. */
export interface CassetteArguments {
  readonly mode: "record" | "append" | "replay";
  readonly file: string;
  /** Names of fields that are not kept. */
  readonly redact: readonly string[];
}

/**
 * Reads the arguments behind `run`.
 *
 * @throws CapabilityError `USAGE`
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const { options, inputs, operands, used } = scanArguments(args);
  const own = withDefaults(ownOptions, readOptions(ownOptions, options));
  const single = (name: string) => (options.has(name) ? readSingle(options.get(name) ?? [], name) : undefined);
  const cache = options.get("cache");
  const parsed: RunArguments = {
    ...own,
    ...readOperands(operands, options),
    inputs,
    used,
    open: readOpenOptions(options),
    call: readOptions(callOptions, options),
    pages: readOptions(pagesOptions, options),
    wait: readOptions(waitOptions, options),
    until: single("until"),
    baseUris: options.get("base-uri") ?? [],
    caCert: single("ca-cert"),
    dryRun: dryRunForm(options, own.output),
    cassette: cassetteOf(own),
    cache: cache && readOptional(cache),
  };
  const problem = problemOf(parsed, options);
  if (problem !== undefined) throw usageError(problem, USAGE);
  return parsed;
}

function cassetteOf({ record, recordAppend, replay, redact = [] }: OwnOptions): CassetteArguments | undefined {
  if (record !== undefined) return { mode: "record", file: record, redact };
  if (recordAppend !== undefined) return { mode: "append", file: recordAppend, redact };
  return replay === undefined ? undefined : { mode: "replay", file: replay, redact };
}

/** Returns the reason why options do not go together. */
function problemOf(parsed: RunArguments, given: GivenOptions): string | undefined {
  const { output, select, out, traceHar, mock, showSecrets, all, until, dryRun, cassette, cache, include } = parsed;
  const first = (...names: readonly string[]) => names.find(name => given.has(name));
  const [tape, otherTape] = ["record", "record-append", "replay"].filter(name => given.has(name));
  if (showSecrets && dryRun === undefined) return "Option --show-secrets is about what --dry-run prints: add --dry-run";
  if (mock && dryRun !== undefined && !showForms[dryRun].isPlain)
    return `Option --dry-run=${dryRun} shows a call of the API, and the sandbox of --mock is gone before anyone can call it: leave --mock out`;
  if (output === "raw" && select !== undefined)
    return "Option --select reads the outputs, which --output raw does not make: leave one out";
  if (out !== undefined && (select !== undefined || (output !== undefined && output !== "raw"))) {
    const other = select === undefined ? `--output ${output}` : "--select";
    return `Option --out writes the body as received, without ${other}: leave one out`;
  }
  if (given.has("redact") && first("record", "record-append") === undefined)
    return "Option --redact is about what is recorded: add --record FILE";
  if (otherTape !== undefined) return `Options --${tape} and --${otherTape} exclude each other`;
  if (tape !== undefined && dryRun !== undefined)
    return `Option --${tape} needs a call, and --dry-run makes none: leave one out`;
  if (mock && cassette?.mode === "replay") return "Options --replay and --mock both stand for the API: leave one out";
  if (traceHar !== undefined && dryRun !== undefined)
    return "Option --trace-har needs a call, and --dry-run makes none: leave one out, or print --dry-run=har";
  if (include && dryRun !== undefined)
    return "Option --include shows the head of an answer, and --dry-run asks for none: leave one out";
  if (include && all && (output === "json" || output === "yaml"))
    return `Option --include prints a head for each page, between which --output ${output} would not be one list: leave one out`;
  const paging = first("max-pages", "max-items");
  if (paging !== undefined && !all) return `Option --${paging} goes with --all`;
  const pausing = first("every", "for");
  if (pausing !== undefined && until === undefined) return `Option --${pausing} goes with --until`;
  if (all && until !== undefined) return "Use either --all or --until, not both";
  if ((output === "raw" || out !== undefined) && (all || until !== undefined)) {
    const other = out === undefined ? "--output raw" : "--out";
    return `Option --${all ? "all" : "until"} reads what answers hold, which ${other} does not: leave one out`;
  }
  if (cache === undefined || cache === false) return undefined;
  if (cache === "") return "No file given for --cache=";
  if (mock) return "Options --cache and --mock exclude each other: the sandbox is gone after the call";
  return tape && `Options --cache and --${tape} exclude each other: a recording is of what the API answers`;
}

/** Reads the operands. `GET /path` may also be written as two words. */
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
  throw usageError(`Unexpected argument ${JSON.stringify(path)}: inputs are written --name value${hint}`, USAGE);
}

/** Returns the form of a dry run. By default the request is text, or JSON if all output is. */
function dryRunForm(options: GivenOptions, output: OutputFormat | undefined): DryRunForm | undefined {
  const form = readOptional(options.get("dry-run") ?? ["false"]);
  if (form === false) return undefined;
  if (form === true) return output === "json" ? "json" : "text";
  return readChoice(form, "dry-run", DRY_RUN_FORMS);
}
