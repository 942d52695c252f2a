import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import type { JsonObject } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { kinds } from "../../engine/kinds.ts";
import { openRuntime } from "../../engine/open.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { MAX_DOCUMENT_BYTES } from "../../language/document/document.ts";
import { documentText } from "../../language/document/document-text.ts";
import { settleNumbers } from "../../language/document/written-numbers.ts";
import { compareCapabilities } from "../../language/model/compare/compare-capabilities.ts";
import type { Description } from "../../language/openapi/description.ts";
import { type FindingGroup, groupFindings } from "../../language/openapi/group-findings.ts";
import { type ImportedCapability, importDescription, type Split } from "../../language/openapi/import-description.ts";
import { readDescription } from "../../language/openapi/read-description.ts";
import { isHttpUrl } from "../../language/openapi/reference.ts";
import { rules } from "../../language/validation/rules.ts";
import { validate } from "../../language/validation/validate.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import type { CommandContext } from "./command-context.ts";
import { connectionArguments } from "./connection-arguments.ts";
import { descriptionSource } from "./description-source.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { formatDiagnostic } from "./format-error.ts";
import { ioError } from "./io-error.ts";
import { printChanges } from "./print-changes.ts";
import { type Line, printData, printLines } from "./printed-text.ts";
import { rawAddress } from "./raw-address.ts";
import { withSchemaLine } from "./schema-line.ts";
import { paintFor } from "./style.ts";
import { usageError } from "./usage-error.ts";

interface ImportOptions {
  /** Path or URL. */
  readonly source: string;
  /** File or folder; `undefined` or `-` to print. */
  readonly out: string | undefined;
  readonly split: Split;
  readonly namespace: string | undefined;
  readonly format: "json" | "yaml" | undefined;
  /** Replace files of another content. */
  readonly force: boolean;
  /** Capability that the import is compared with; nothing is written. */
  readonly diff: string | undefined;
  /** Form of the changes. */
  readonly output: "json" | "text";
  readonly open: OpenOptions;
  readonly caCert: string | undefined;
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** A file to write. */
interface NewFile {
  readonly file: string;
  readonly text: string;
  readonly capability: ImportedCapability;
}

/** Most messages that are told. */
const MOST_MESSAGES = 20;

/** Runs `naftiko import openapi <file or URL>`: makes capabilities of a description of an API. */
export async function importOpenapi(options: ImportOptions, context: CommandContext): Promise<ExitCode> {
  const { out, split } = options;
  if (options.diff !== undefined) {
    if (out !== undefined || split !== "none")
      throw usageError("With --diff nothing is written: leave out --out and --split");
    return diff(options.diff, options, context);
  }
  const isPrinted = out === undefined || out === "-";
  if (isPrinted && split !== "none")
    throw usageError("With --split there are several files: name a folder for them", "--out FOLDER");
  const description = await read(options, context);
  const lines = await writeImported(await importWhole(description, options, context), options, context);
  if (options.quiet) return exitCode.done;
  await printFindings(description, options, context);
  context.stderr.write(printLines(lines, paintFor(context.stderr, context.env, options.noColor)));
  return exitCode.done;
}

/**
 * Makes capabilities of a description.
 *
 * @throws CapabilityError `DESCRIPTION_INVALID`, after its findings, if there is nothing to call in it
 */
async function importWhole(
  description: Description,
  options: ImportOptions,
  context: CommandContext,
): Promise<readonly ImportedCapability[]> {
  const capabilities = importDescription(description, options);
  if (capabilities.some(({ document }) => operationsOf(document).next().done !== true)) return capabilities;
  if (!options.quiet) await printFindings(description, options, context);
  const { location } = description.root.file;
  throw new CapabilityError("DESCRIPTION_INVALID", {
    message: `Cannot import ${location}: it describes no operation that can be called`,
    details: { location },
  });
}

/**
 * Prints an imported capability, or writes the files that capabilities become.
 *
 * @returns what to tell about it
 */
export async function writeImported(
  capabilities: readonly ImportedCapability[],
  options: Pick<ImportOptions, "out" | "split" | "format" | "force">,
  context: CommandContext,
): Promise<Line[]> {
  const { out } = options;
  if (out === undefined || out === "-") {
    const [only] = capabilities;
    if (only !== undefined) context.stdout.write(printData(textOf(only, options.format ?? "yaml"), context.stdout));
    return resultLines(capabilities);
  }
  const files = newFiles(capabilities, out, options, context);
  const unchanged = await writeFiles(files, options, context);
  return [...(await resultLines(capabilities)), ...summaryLines(files, unchanged, context)];
}

/** Tells how the import would change a capability that is there. */
async function diff(written: string, options: ImportOptions, context: CommandContext): Promise<ExitCode> {
  const { cwd, secrets, env } = context;
  const open = { env, dirs: options.open.dirs ?? [], importRoots: absoluteFolders(options.open.importRoots, cwd) };
  const before = (await openRuntime(written, open, { cwd, secrets })).model;
  const [adapter, ...others] = before.adapters;
  const namespace = options.namespace ?? (others.length === 0 ? adapter?.namespace : undefined);
  const description = await read(options, context);
  const [imported] = await importWhole(description, { ...options, namespace }, context);
  if (!options.quiet) await printFindings(description, options, context);
  // A program's document has no numbers that a double cannot hold.
  const document = settleNumbers(imported?.document ?? {}) as JsonObject;
  const after = (await openRuntime(document, open, { cwd, secrets })).model;
  return printChanges(compareCapabilities(before, after), options, context);
}

async function read({ source, open: given, caCert }: ImportOptions, context: CommandContext): Promise<Description> {
  const { cwd } = context;
  const raw = rawAddress(source);
  if (raw !== undefined)
    throw usageError(`Cannot import ${source}: it is a page that shows the file`, `naftiko import openapi ${raw}`);
  const asked = isHttpUrl(source) ? source : path.resolve(cwd, source);
  const importRoots = absoluteFolders(given.importRoots, cwd);
  const open = { ...given, ...connectionArguments({ open: given, caCert }, cwd), importRoots };
  try {
    return await readDescription(asked, descriptionSource(asked, open, context));
  } catch (error) {
    if (error instanceof CapabilityError || !(error instanceof Error)) throw error;
    throw new CapabilityError("DESCRIPTION_INVALID", {
      message: `Cannot read ${asked}: ${error.message}`,
      details: { location: asked },
    });
  }
}

function textOf({ document }: ImportedCapability, format: "json" | "yaml"): string {
  return documentText(document, format);
}

/** Returns the files that capabilities become. A folder gets one for each. */
function newFiles(
  capabilities: readonly ImportedCapability[],
  out: string,
  { split, format }: Pick<ImportOptions, "split" | "format">,
  { cwd }: CommandContext,
): NewFile[] {
  const target = path.resolve(cwd, out);
  if (split !== "none" && isFile(target))
    throw usageError(`With --split there are several files, and --out ${JSON.stringify(out)} is a file: name a folder`);
  const isFolder = split !== "none" || /[\\/]$/.test(out) || isDirectory(target) || path.extname(out) === "";
  const form = format ?? (path.extname(out).toLowerCase() === ".json" ? "json" : "yaml");
  return capabilities.map(capability => {
    const file = isFolder ? path.join(target, `${capability.name}.${form}`) : target;
    const text = textOf(capability, form);
    return { file, text: form === "yaml" ? withSchemaLine(text, file) : text, capability };
  });
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

function isDirectory(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory();
}

/**
 * Writes files, and returns those that were there already with the same content. Nothing is written if one has another
 * content: somebody may have edited it.
 */
async function writeFiles(
  files: readonly NewFile[],
  { force }: Pick<ImportOptions, "force">,
  context: CommandContext,
): Promise<Set<string>> {
  const { mkdir, readFile } = await import("node:fs/promises");
  const unchanged = new Set<string>();
  for (const { file, text } of files) {
    if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES)
      throw usageError(
        `Cannot write ${shownPath(file, context)}: it would be larger than the ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB of a capability; --split tag and --split path make several`,
      );
    const before = isFile(file) ? await readFile(file, "utf8") : undefined;
    if (before === text) unchanged.add(file);
    else if (before !== undefined && !force)
      throw usageError(
        `Cannot write ${shownPath(file, context)}: it is there with another content; --force replaces it`,
      );
  }
  const { writeWholeFile } = await import("../../base/files/whole-file.ts");
  for (const { file, text } of files) {
    if (unchanged.has(file)) continue;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeWholeFile(file, text);
    } catch (error) {
      throw ioError(`write ${file}`, error);
    }
  }
  return unchanged;
}

async function printFindings(
  { findings }: Description,
  { noColor }: Pick<ImportOptions, "noColor">,
  { stderr, env }: CommandContext,
): Promise<void> {
  stderr.write(printLines(findingLines(await groupFindings(findings, MOST_MESSAGES)), paintFor(stderr, env, noColor)));
}

function findingLines(groups: readonly FindingGroup[]): Line[] {
  const lines = groups.slice(0, MOST_MESSAGES).flatMap(({ message, count, location, pointer, source }): Line[] => {
    const more = count > 1 ? ` (and at ${countOf(count - 1, "other place")})` : "";
    const found = { severity: "warning", rule: "openapi", message: `${message}${more}`, source } as const;
    return formatDiagnostic({ ...found, pointer: source === undefined ? `${location}#${pointer}` : pointer });
  });
  const left = groups.length - MOST_MESSAGES;
  return left > 0 ? [...lines, `… and ${countOf(left, "other warning")}`] : lines;
}

/** The others would look into every schema, for warnings alone. */
const STRICT_RULES = rules.filter(rule => rule.kinds.includes("error"));

/** Returns the errors of capabilities that were made: a description may ask for what cannot run. */
async function resultLines(capabilities: readonly ImportedCapability[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, document } of capabilities) {
    const { diagnostics } = await validate({ value: document }, kinds, STRICT_RULES);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    for (const error of errors.slice(0, MOST_MESSAGES))
      lines.push(...formatDiagnostic({ ...error, pointer: `${name}#${error.pointer}` }));
  }
  return lines;
}

function summaryLines(files: readonly NewFile[], unchanged: ReadonlySet<string>, context: CommandContext): Line[] {
  const lines = files.map(({ file, capability }): Line => {
    const operations = countOf([...operationsOf(capability.document)].length, "operation");
    const state = unchanged.has(file) ? "is up to date" : "is written";
    return `${visibleLine(shownPath(file, context))} ${state}: ${operations}`;
  });
  const [first] = files;
  const operation = first && easiestOperation(first.capability.document);
  if (first === undefined || operation === undefined) return lines;
  const shown = shownPath(first.file, context);
  const name = /^capabilities[\\/]([^\\/]+)\.ya?ml$/.exec(shown)?.[1] ?? shown.replace(/^[^\\/]+\.json$/, "./$&");
  const call = `naftiko run ${quoteArgument(name)} ${quoteArgument(String(operation["name"]))} --dry-run`;
  return [...lines, `Try it: ${visibleLine(call)}`];
}

/** Returns the operation to try first: one that reads something, and needs little. */
function easiestOperation(document: JsonObject): JsonObject | undefined {
  let easiest: { readonly operation: JsonObject; readonly effort: number } | undefined;
  for (const operation of operationsOf(document)) {
    const effort = effortOf(operation);
    if (easiest === undefined || effort < easiest.effort) easiest = { operation, effort };
    if (effort === 0) break;
  }
  return easiest?.operation;
}

function effortOf({ method, inputParameters }: JsonObject): number {
  const needed = listOf(inputParameters).filter(({ required, in: place }) => required === true || place === "path");
  return needed.length + (method === "GET" ? 0 : 1_000);
}

function* operationsOf(document: JsonObject): Generator<JsonObject> {
  const { capability } = document as { readonly capability?: { readonly consumes?: readonly JsonObject[] } };
  for (const adapter of [...(capability?.consumes ?? []), ...listOf(document["consumes"])])
    for (const resource of listOf(adapter["resources"])) yield* listOf(resource["operations"]);
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : [];
}

function shownPath(file: string, { cwd }: CommandContext): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith("..") ? file : relative;
}
