import type { CallOptions, PagesOptions, WaitOptions } from "../../engine/call-options.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { callOptions, openOptions, pagesOptions, waitOptions, withDefaults } from "../../engine/options.ts";
import { type CacheArguments, cacheArguments } from "./cache-arguments.ts";
import { type CassetteArguments, cassetteArguments } from "./cassette-arguments.ts";
import { readChoice, readOptional, readOptions, readText } from "./read-options.ts";
import { DRY_RUN_FORMS, type OutputFormat, type OwnOptions, ownOptions, USAGE } from "./run-options.ts";
import { type GivenInput, type GivenOptions, scanArguments } from "./scan-arguments.ts";
import { type DryRunForm, showForms } from "./show/show-forms.ts";
import { usageError } from "./usage-error.ts";

/** The command line of `run`. */
export interface RunArguments
  extends Omit<OwnOptions, "input" | "record" | "recordAppend" | "replay" | "redact"> {
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
  readonly cache: CacheArguments | undefined;
}

/**
 * Reads the arguments behind `run`.
 *
 * @throws CapabilityError `USAGE`
 */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const { options, inputs, operands, used } = scanArguments(args);
  const own = withDefaults(ownOptions, readOptions(ownOptions, options));
  const single = (name: string) => (options.has(name) ? readText(options.get(name) ?? [], name) : undefined);
  const { output, select, out, traceHar, mock, showSecrets, all } = own;
  const { record, recordAppend: append, replay, redact } = own;
  const until = single("until");
  const dryRun = dryRunForm(options, output);
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
    { record, append, replay, redact },
    { mock, dryRun: dryRun !== undefined },
  );
  if (traceHar !== undefined && dryRun !== undefined) {
    throw usageError(
      "Option --trace-har needs a call, and --dry-run makes none: leave one out, or print --dry-run=har",
      USAGE,
    );
  }
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
    ...own,
    ...readOperands(operands, options),
    inputs,
    used,
    open: readOptions(openOptions, options),
    call: readOptions(callOptions, options),
    pages: readOptions(pagesOptions, options),
    wait: readOptions(waitOptions, options),
    until,
    baseUris: options.get("base-uri") ?? [],
    caCert: single("ca-cert"),
    dryRun,
    cassette,
    cache: cacheArguments(options.get("cache")?.at(-1), { mock, cassette }),
  };
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
  throw usageError(
    `Unexpected argument ${JSON.stringify(path)}: inputs are written --name value${hint}`,
    USAGE,
  );
}

/** Returns the form of a dry run. By default the request is text, or JSON if all output is. */
function dryRunForm(options: GivenOptions, output: OutputFormat | undefined): DryRunForm | undefined {
  const form = readOptional(options.get("dry-run") ?? ["false"]);
  if (form === false) return undefined;
  if (form === true) return output === "json" ? "json" : "text";
  return readChoice(form, "dry-run", DRY_RUN_FORMS);
}

/** Requires the option that another one belongs to: without it the other is a slip of the pen. */
function requireOwner(
  options: GivenOptions,
  names: readonly string[],
  isGiven: boolean,
  owner: string,
): void {
  for (const name of names) {
    if (options.has(name) && !isGiven) throw usageError(`Option --${name} goes with --${owner}`, USAGE);
  }
}
