import { statSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { countOf } from "../../base/count-of.ts";
import { writeWholeFile } from "../../base/files/whole-file.ts";
import { type JsonObject, objectsOf } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { kinds } from "../../engine/kinds.ts";
import { MAX_DOCUMENT_BYTES } from "../../language/document/document.ts";
import { documentText } from "../../language/document/document-text.ts";
import { sectionLists } from "../../language/document/imports/import-sections.ts";
import type { ImportedCapability } from "../../language/openapi/import-description.ts";
import { strictRules } from "../../language/validation/strict-rules.ts";
import { validate } from "../../language/validation/validate.ts";
import type { CommandContext } from "./command-context.ts";
import { formatDiagnostic } from "./format-error.ts";
import { ioError } from "./io-error.ts";
import { type Line, printData } from "./printed-text.ts";
import { withSchemaLine } from "./schema-line.ts";
import { shownPath } from "./shown-path.ts";
import { usageError } from "./usage-error.ts";

interface WriteOptions {
  /** File or folder; `undefined` or `-` to print. */
  readonly out: string | undefined;
  /** Whether the import is one of several files, which need a folder. */
  readonly isSplit: boolean;
  readonly format: "json" | "yaml" | undefined;
  /** Replace files of another content. */
  readonly force: boolean;
}

/** A file to write. */
interface NewFile {
  readonly file: string;
  readonly text: string;
  readonly capability: ImportedCapability;
}

/**
 * Prints an imported capability, or writes the files that capabilities become.
 *
 * @returns what to tell about it
 */
export async function writeImported(
  capabilities: readonly ImportedCapability[],
  options: WriteOptions,
  context: CommandContext,
): Promise<Line[]> {
  const { out } = options;
  if (out === undefined || out === "-") {
    const [only] = capabilities;
    if (only !== undefined)
      context.stdout.write(printData(documentText(only.document, options.format ?? "yaml"), context.stdout));
    return resultLines(capabilities);
  }
  const files = newFiles(capabilities, out, options, context);
  const unchanged = await writeFiles(files, options, context);
  return [...(await resultLines(capabilities)), ...summaryLines(files, unchanged, context)];
}

/** Returns the files that capabilities become. A folder gets one for each. */
function newFiles(
  capabilities: readonly ImportedCapability[],
  out: string,
  { isSplit, format }: WriteOptions,
  { cwd }: CommandContext,
): NewFile[] {
  const target = path.resolve(cwd, out);
  if (isSplit && isFile(target))
    throw usageError(`There are several files, and --out ${JSON.stringify(out)} is a file: name a folder`);
  const isFolder = isSplit || /[\\/]$/.test(out) || isDirectory(target) || path.extname(out) === "";
  const form = format ?? (path.extname(out).toLowerCase() === ".json" ? "json" : "yaml");
  return capabilities.map(capability => {
    const file = isFolder ? path.join(target, `${capability.name}.${form}`) : target;
    const text = documentText(capability.document, form);
    return { file, text: form === "yaml" ? withSchemaLine(text, file) : text, capability };
  });
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Writes files, and returns those that were there already with the same content. Nothing is written if one has another
 * content: somebody may have edited it.
 */
async function writeFiles(
  files: readonly NewFile[],
  { force }: WriteOptions,
  context: CommandContext,
): Promise<Set<string>> {
  const unchanged = new Set<string>();
  for (const { file, text } of files) {
    if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES)
      throw usageError(
        `Cannot write ${shownPath(file, context.cwd)}: it would be larger than the ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB of a capability; --split tag and --split path make several`,
      );
    const before = isFile(file) ? await readFile(file, "utf8") : undefined;
    if (before === text) unchanged.add(file);
    else if (before !== undefined && !force)
      throw usageError(
        `Cannot write ${shownPath(file, context.cwd)}: it is there with another content; --force replaces it`,
      );
  }
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

/** Most errors of a capability that are told. */
const MOST_ERRORS = 20;

/** Returns the errors of capabilities that were made: a description may ask for what cannot run. */
async function resultLines(capabilities: readonly ImportedCapability[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, document } of capabilities) {
    const { diagnostics } = await validate({ value: document }, kinds, strictRules);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    for (const error of errors.slice(0, MOST_ERRORS))
      lines.push(...formatDiagnostic({ ...error, pointer: `${name}#${error.pointer}` }));
  }
  return lines;
}

function summaryLines(files: readonly NewFile[], unchanged: ReadonlySet<string>, context: CommandContext): Line[] {
  const lines = files.map(({ file, capability }): Line => {
    const operations = countOf([...operationsOf(capability.document)].length, "operation");
    const state = unchanged.has(file) ? "is up to date" : "is written";
    return `${visibleLine(shownPath(file, context.cwd))} ${state}: ${operations}`;
  });
  const [first] = files;
  const operation = first && easiestOperation(first.capability.document);
  if (first === undefined || operation === undefined) return lines;
  const shown = shownPath(first.file, context.cwd);
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
  const needed = objectsOf(inputParameters).filter(({ required, in: place }) => required === true || place === "path");
  return needed.length + (method === "GET" ? 0 : 1_000);
}

/** Yields the operations that a document consumes. */
export function* operationsOf(document: JsonObject): Generator<JsonObject> {
  for (const { entries } of sectionLists(document, "consumes"))
    for (const { resources } of objectsOf(entries))
      for (const { operations } of objectsOf(resources)) yield* objectsOf(operations);
}
