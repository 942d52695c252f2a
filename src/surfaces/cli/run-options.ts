import type { Options } from "yargs";
import { type DryRunForm, showForms } from "./show/show-forms.ts";

export type RunOption =
  | "input"
  | "inputs"
  | "dir"
  | "allow-import"
  | "config"
  | "profile"
  | "allow-bind-files"
  | "bind-timeout"
  | "base-uri"
  | "env-file"
  | "dry-run"
  | "show-secrets"
  | "mock"
  | "record"
  | "record-append"
  | "replay"
  | "redact"
  | "select"
  | "output"
  | "out"
  | "all"
  | "max-pages"
  | "max-items"
  | "until"
  | "every"
  | "for"
  | "cache"
  | "timeout"
  | "connect-timeout"
  | "deadline"
  | "retries"
  | "idempotency-key"
  | "max-bytes"
  | "max-values"
  | "max-decode-time"
  | "max-redirects"
  | "allow-host"
  | "egress"
  | "ca-cert"
  | "no-implied-auth"
  | "allow-insecure-auth"
  | "verbose"
  | "trace-har"
  | "quiet"
  | "no-color"
  | "help";

/** What `--output` may be. */
export type OutputFormat = "json" | "yaml" | "table" | "raw";

export const OUTPUT_FORMATS: readonly OutputFormat[] = ["json", "yaml", "table", "raw"];

/** What `--egress` may be: which addresses may be connected to. */
export type EgressMode = "any" | "public";

export const EGRESS_MODES: readonly EgressMode[] = ["any", "public"];

/** What `--dry-run=` may be: how the request is written. */
export const DRY_RUN_FORMS: readonly DryRunForm[] = Object.keys(showForms) as DryRunForm[];

/** Options of every command that opens capabilities by name. */
export const lookupOptions: Readonly<Record<"dir" | "allow-import", Options>> = {
  dir: {
    type: "string",
    requiresArg: true,
    describe: "Folder to look a name up in, before NAFTIKO_PATH and ./capabilities; repeatable",
  },
  "allow-import": {
    type: "string",
    requiresArg: true,
    describe: "Folder that a file may import from, besides its own; repeatable",
  },
};

/** Options of every command that calls or shows a capability as overlays make it. */
export const overlayOptions: Readonly<Record<"config" | "profile", Options>> = {
  config: {
    type: "string",
    requiresArg: true,
    describe: "Configuration file, in place of the naftiko.config.yaml that is found",
  },
  profile: { type: "string", requiresArg: true, describe: "Profile of the configuration to lay over it" },
};

/** Options about what is printed. */
export const printOptions: Readonly<Record<"quiet" | "no-color", Options>> = {
  quiet: { type: "boolean", describe: "Print no notes and warnings" },
  "no-color": { type: "boolean", describe: "Print without colours" },
};

/** Options of `run`. Anything else on its command line that starts with `--` is an input. */
export const runOptions: Readonly<Record<RunOption, Options>> = {
  input: { type: "string", alias: "i", requiresArg: true, describe: "An input as name=value; repeatable" },
  inputs: {
    type: "string",
    requiresArg: true,
    describe: "Many inputs as a JSON object, @file, or - for standard input",
  },
  ...lookupOptions,
  ...overlayOptions,
  "allow-bind-files": {
    type: "string",
    requiresArg: true,
    describe: "Folder whose files binds may name, besides the file's and the working one; repeatable",
  },
  "bind-timeout": {
    type: "string",
    requiresArg: true,
    describe: "Longest time of looking a variable up in ms (10000; 0: no limit)",
  },
  "base-uri": {
    type: "string",
    requiresArg: true,
    describe: "[namespace=]URL in place of the file's base URI; repeatable",
  },
  "env-file": {
    type: "string",
    requiresArg: true,
    describe: "File of variables, besides ./.env; repeatable; the environment wins",
  },
  "dry-run": {
    type: "boolean",
    describe: `Print the request with secrets masked; send nothing; =${DRY_RUN_FORMS.join(", =")}: in that form`,
  },
  "show-secrets": { type: "boolean", describe: "With --dry-run: print secrets as they would be sent" },
  mock: { type: "boolean", describe: "Talk to a sandbox in this process in place of the API" },
  record: {
    type: "string",
    requiresArg: true,
    describe: "File to record the call to, made anew; credentials are left out",
  },
  "record-append": {
    type: "string",
    requiresArg: true,
    describe: "File to record the call to, behind those it has",
  },
  replay: {
    type: "string",
    requiresArg: true,
    describe: "File of recorded calls that answers in place of the API; nothing is sent",
  },
  redact: {
    type: "string",
    requiresArg: true,
    describe: "Header, query parameter or body member not to be recorded; repeatable",
  },
  select: {
    type: "string",
    requiresArg: true,
    describe: "JSONPath applied to the outputs; a string is printed bare",
  },
  output: { type: "string", requiresArg: true, choices: OUTPUT_FORMATS, describe: "Form of the result" },
  out: {
    type: "string",
    requiresArg: true,
    describe: "File for the body as received, of any size; replaces one that is there",
  },
  all: { type: "boolean", describe: "Walk all pages of a list and print its items, one a line" },
  "max-pages": { type: "string", requiresArg: true, describe: "With --all: pages to ask for at most (1000)" },
  "max-items": { type: "string", requiresArg: true, describe: "With --all: items to print at most" },
  until: {
    type: "string",
    requiresArg: true,
    describe: "Call again and again until the outputs match, such as \"$.status == 'done'\"",
  },
  every: { type: "string", requiresArg: true, describe: "With --until: pause between two calls (5s)" },
  for: { type: "string", requiresArg: true, describe: "With --until: longest time of it all (2m)" },
  cache: {
    type: "boolean",
    describe: "Keep answers for later calls, as far as the API allows; =FILE: in that file",
  },
  timeout: {
    type: "string",
    requiresArg: true,
    describe: "Longest time of one attempt in ms (30000; 0: no limit)",
  },
  "connect-timeout": {
    type: "string",
    requiresArg: true,
    describe: "Longest time of opening a connection, in ms or as 5s (10s; 0: no limit)",
  },
  deadline: {
    type: "string",
    requiresArg: true,
    describe: "Longest time of the whole call with its retries, in ms or as 2m (no limit)",
  },
  retries: {
    type: "string",
    requiresArg: true,
    describe: "Further attempts of requests that may be repeated (2)",
  },
  "idempotency-key": {
    type: "boolean",
    describe: "Send a key by which the API knows a repeated request, so that any may be; =KEY: that one",
  },
  "max-bytes": {
    type: "string",
    requiresArg: true,
    describe: "Longest answer, unpacked, in bytes (67108864)",
  },
  "max-values": {
    type: "string",
    requiresArg: true,
    describe: "Members, items and cells that an answer may decode to (1000000)",
  },
  "max-decode-time": {
    type: "string",
    requiresArg: true,
    describe: "Longest processor time of decoding an answer in ms (1500, or 400 for each MiB)",
  },
  "max-redirects": {
    type: "string",
    requiresArg: true,
    describe: "Redirects to follow at most (5; 0: none)",
  },
  "allow-host": {
    type: "string",
    requiresArg: true,
    describe: "Host that may be called, or *.example.com for all below one; no others may; repeatable",
  },
  egress: {
    type: "string",
    requiresArg: true,
    choices: EGRESS_MODES,
    describe: "public: refuse private, loopback and link-local addresses (any)",
  },
  "ca-cert": {
    type: "string",
    requiresArg: true,
    describe: "File of certificates in PEM to trust besides Node's own",
  },
  "no-implied-auth": { type: "boolean", describe: "Send no credential that the file does not declare" },
  "allow-insecure-auth": {
    type: "boolean",
    describe: "Send credentials and variables over plain http to other hosts than this one too",
  },
  verbose: {
    type: "boolean",
    describe: "Print each request, its response and the time taken; stack traces of faults",
  },
  "trace-har": {
    type: "string",
    requiresArg: true,
    describe: "File for an HTTP Archive of all requests and answers, secrets masked",
  },
  ...printOptions,
  help: { type: "boolean", describe: "Show help; with a capability or an operation, about that" },
};

/** Tells whether `--name` is an option of `run`, so that an input of the name is given with `-i`. */
export function isRunOption(name: string): name is RunOption {
  return Object.hasOwn(runOptions, name);
}
