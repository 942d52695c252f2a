import { boolean, choice, text, texts } from "../../base/option-kinds.ts";
import type { Flag, OptionRow, OptionRows } from "../../base/option-row.ts";
import { openOptions, pagesOptions, policyOptions, waitOptions } from "../../engine/options.ts";
import { type DryRunForm, showForms } from "./show/show-forms.ts";

export const USAGE = "naftiko run <capability> <operation> [--<input> <value>…] [options]";

/** Values of `--output`. */
export type OutputFormat = "json" | "yaml" | "table" | "raw";

const OUTPUT_FORMATS: readonly OutputFormat[] = ["json", "yaml", "table", "raw"];

/** Values of `--dry-run=`: ways to write the request. */
export const DRY_RUN_FORMS: readonly DryRunForm[] = Object.keys(showForms) as DryRunForm[];

/** Options of `run` that the library does not have. */
export interface OwnOptions {
  readonly input: string | undefined;
  readonly inputsJson: string | undefined;
  readonly envFiles: readonly string[];
  readonly config: string | undefined;
  readonly dryRun: DryRunForm | undefined;
  readonly showSecrets: boolean;
  readonly mock: boolean;
  readonly record: string | undefined;
  readonly recordAppend: string | undefined;
  readonly replay: string | undefined;
  readonly redact: readonly string[] | undefined;
  readonly select: string | undefined;
  readonly output: OutputFormat | undefined;
  readonly out: string | undefined;
  readonly include: boolean;
  readonly all: boolean;
  readonly verbose: boolean;
  readonly trace: boolean;
  readonly traceHar: string | undefined;
  readonly quiet: boolean;
  readonly noColor: boolean;
  readonly noPager: boolean;
  readonly noInput: boolean;
  readonly help: boolean;
}

export const ownOptions: OptionRows<OwnOptions> = {
  input: {
    kind: text(),
    text: "an input",
    flag: {
      name: "input",
      short: "i",
      value: "NAME=VALUE",
      group: "Inputs",
      form: "own",
      isRepeatable: true,
    },
  },
  inputsJson: {
    kind: text(),
    text: "many inputs: a JSON object, `@file`, or `-` for standard input",
    flag: { name: "inputs", value: "JSON", group: "Inputs" },
  },
  envFiles: {
    kind: texts(),
    default: [],
    text: "variables, besides `./.env`; a later file wins over an earlier one, the environment over all",
    flag: { name: "env-file", value: "FILE", group: "Inputs", isRepeatable: true },
  },
  config: {
    kind: text(),
    text: "the configuration, in place of the `naftiko.config.yaml` that is found",
    flag: { name: "config", value: "FILE", group: "Capability" },
  },
  dryRun: {
    kind: choice(DRY_RUN_FORMS),
    text: `print the request, with secrets masked, and send nothing; in one of the forms ${DRY_RUN_FORMS.map(form => `\`${form}\``).join(", ")}`,
    flag: { name: "dry-run", value: "[=FORM]", group: "What is sent", form: "own" },
  },
  showSecrets: {
    kind: boolean,
    default: false,
    text: "with `--dry-run`: print secrets as they would be sent",
    flag: { name: "show-secrets", group: "What is sent" },
  },
  mock: {
    kind: boolean,
    default: false,
    text: "talk to a sandbox that lives for this call",
    flag: { name: "mock", group: "Where to" },
  },
  record: {
    kind: text(),
    text: "write the call and its answer to a file, made anew; credentials are left out",
    flag: { name: "record", value: "FILE", group: "Where to" },
  },
  recordAppend: {
    kind: text(),
    text: "the same, behind the calls that the file has",
    flag: { name: "record-append", value: "FILE", group: "Where to" },
  },
  replay: {
    kind: text(),
    text: "answer from recorded calls; nothing is sent",
    flag: { name: "replay", value: "FILE", group: "Where to" },
  },
  redact: {
    kind: texts(),
    text: "a header, query parameter or body member that is not recorded",
    flag: { name: "redact", value: "NAME", group: "Where to", isRepeatable: true },
  },
  select: {
    kind: text(),
    text: "a part of the outputs: a string bare, anything else as JSON",
    flag: { name: "select", value: "JSONPATH", group: "What is printed" },
  },
  output: {
    kind: choice(OUTPUT_FORMATS),
    text: `${OUTPUT_FORMATS.slice(0, -1)
      .map(form => `\`${form}\``)
      .join(", ")}, or \`raw\`: the response body as received`,
    flag: { name: "output", value: "FORM", group: "What is printed" },
  },
  out: {
    kind: text(),
    text: "the response body as received into a file; of any size",
    flag: { name: "out", value: "FILE", group: "What is printed" },
  },
  include: {
    kind: boolean,
    default: false,
    text: "print the status and the headers of the answer before the result, secrets masked",
    flag: { name: "include", group: "What is printed" },
  },
  all: {
    kind: boolean,
    default: false,
    text: "walk all pages of a list and print its items, one a line",
    flag: { name: "all", group: "Pages and waiting" },
  },
  verbose: {
    kind: boolean,
    default: false,
    text: "print what happens in the call, without bodies; and the stack trace of a fault in naftiko",
    flag: { name: "verbose", short: "v", group: "What is printed" },
  },
  trace: {
    kind: boolean,
    default: false,
    text: "print the steps of the call with their times as bars; of a single call its attempts",
    flag: { name: "trace", group: "What is printed" },
  },
  traceHar: {
    kind: text(),
    text: "write all requests of the call and their answers to an HTTP Archive, secrets masked",
    flag: { name: "trace-har", value: "FILE", group: "What is printed" },
  },
  quiet: {
    kind: boolean,
    default: false,
    text: "print no notes and warnings",
    flag: { name: "quiet", group: "What is printed" },
  },
  noColor: {
    kind: boolean,
    default: false,
    text: "print without colours, as `NO_COLOR` does",
    flag: { name: "no-color", group: "What is printed" },
  },
  noPager: {
    kind: boolean,
    default: false,
    text: "show long help without a pager",
    flag: { name: "no-pager", group: "What is printed" },
  },
  noInput: {
    kind: boolean,
    default: false,
    text: "ask nothing, also on a terminal",
    flag: { name: "no-input", group: "Inputs" },
  },
  help: {
    kind: boolean,
    default: false,
    text: "help about the command, the capability or the operation",
    flag: { name: "help", short: "h", group: "What is printed" },
  },
};

/** Option of the command, with its row. */
export interface FlagRow extends OptionRow {
  readonly flag: Flag;
}

/** Every option of `run` by its name. Anything else on its command line that starts with `--` is an input. */
export const runFlags: ReadonlyMap<string, FlagRow> = new Map(
  [openOptions, policyOptions, ownOptions, pagesOptions, waitOptions]
    .flatMap((rows): OptionRow[] => Object.values(rows))
    .flatMap(row => (row.flag === undefined ? [] : [[row.flag.name, row as FlagRow]])),
);

/** Options of `run` by their short names. */
export const shortFlags: ReadonlyMap<string, FlagRow> = new Map(
  [...runFlags.values()].flatMap(row => (row.flag.short === undefined ? [] : [[row.flag.short, row]])),
);

/** Tells whether the next argument is the value of the option. */
export function needsValue({ value }: Pick<Flag, "value">): boolean {
  return value !== undefined && !value.startsWith("[=");
}

/** Tells whether `--name` is an option of `run`, so that an input of the name is given with `-i`. */
export function isRunOption(name: string): boolean {
  return runFlags.has(name);
}
