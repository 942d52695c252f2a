import { readdirSync } from "node:fs";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import { visibleLine } from "../../base/visible-text.ts";
import { capabilityFolders } from "../../engine/capability-folders.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { capabilitiesBelow } from "../../language/document/capabilities-below.ts";
import { consumedAdapters } from "../../language/document/consumed.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import { bareName, isCapabilityFile, nameWithin, type SearchedFolders } from "../../language/document/locate.ts";
import { readDocument } from "../../language/document/read-document.ts";
import { resolveDocument } from "../../language/document/resolve-document.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { descriptionText } from "./description-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { absoluteFolders } from "./open-named.ts";
import { printLines } from "./printed-text.ts";
import { remedyLines } from "./remedy-text.ts";
import { showText } from "./show-text.ts";
import { writeJson } from "./write-result.ts";

interface ListOptions {
  /** Only capabilities in whose name, label, description or tags the text occurs, without case. */
  readonly text: string | undefined;
  readonly open: OpenOptions;
  readonly output: "text" | "json";
  readonly noColor: boolean;
}

interface Row {
  readonly name: string;
  readonly file: string;
  readonly label: string;
  readonly description: string;
  /** Absent for a file that cannot be read. */
  readonly operations?: number;
  readonly tags: readonly string[];
  readonly problem?: string;
}

/** Runs `naftiko list [text]`: lists the capabilities that can be called by name. */
export async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { dirs = [] } = options.open;
  const importRoots = absoluteFolders(options.open.importRoots, context.cwd);
  const rows: Row[] = [];
  const folders = capabilityFolders(dirs, context.env, context.cwd);
  for (const [name, file] of capabilityFiles(folders, context.cwd)) {
    const { row, searched } = await readRow(name, file, importRoots);
    if (options.text === undefined || searched.toLowerCase().includes(options.text.toLowerCase())) rows.push(row);
  }
  if (options.output === "json") await writeJson(rows, options, context);
  else await showText(printLines(formatRows(rows, options.text, context.stdout.columns || 160)), context);
  return exitCode.done;
}

/**
 * Returns the files of all folders by name, in the order of the names. The first folder that has a name wins, as in a
 * look-up. A name that is not enough for a file below a folder is its path in it.
 */
function capabilityFiles({ deep = [], dirs }: SearchedFolders, cwd: string): (readonly [name: string, file: string])[] {
  const files = new Map<string, string>();
  const add = (name: string, file: string) => {
    if (!files.has(name)) files.set(name, file);
  };
  for (const folder of absoluteFolders(deep, cwd)) {
    const found = capabilitiesBelow(folder);
    const names = found.map(bareName);
    for (const [index, file] of found.entries()) {
      const name = names[index] ?? "";
      const isClear = path.dirname(file) === "." || names.indexOf(name) === names.lastIndexOf(name);
      add(isClear ? name : nameWithin(file), path.join(folder, file));
    }
  }
  for (const folder of absoluteFolders(dirs, cwd)) {
    for (const entry of entriesOf(folder)) add(bareName(entry), path.join(folder, entry));
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isCapabilityFile).sort();
  } catch {
    return [];
  }
}

async function readRow(
  name: string,
  file: string,
  importRoots: OpenOptions["importRoots"],
): Promise<{ row: Row; searched: string }> {
  try {
    const { value } = await resolveDocument(await readDocument(file), { importRoots });
    const row = describeDocument(name, file, value as CapabilityDocument);
    const { label, description, tags } = row;
    return { row, searched: [name, label, description, ...tags].join("\n") };
  } catch (error) {
    // A list has no time for the whole schema, so what is not of its shape is found by reading it.
    const problem =
      error instanceof CapabilityError
        ? [error.message, ...remedyLines(error.remedies)].join("; ")
        : "This is not a valid capability";
    return { row: { name, file, label: "", description: "", tags: [], problem }, searched: name };
  }
}

function describeDocument(name: string, file: string, document: CapabilityDocument): Row {
  if (!Object.hasOwn(document, "naftiko")) throw new TypeError("Not a capability");
  const { label = "", description = "", tags = [] } = document.info ?? {};
  return {
    name,
    file,
    label: textOf(label),
    description: textOf(description).trim(),
    operations: countOperations(document),
    tags: tags.map(textOf),
  };
}

/** Returns a value as the text that the schema wants. */
function textOf(value: unknown): string {
  if (typeof value === "object") throw new TypeError("Not a text");
  return String(value);
}

function countOperations(document: CapabilityDocument): number {
  let count = 0;
  for (const { adapter } of consumedAdapters(document)) {
    for (const resource of adapter.resources ?? []) count += resource.operations?.length ?? 0;
  }
  return count;
}

const WIDEST_COLUMN = 60;

function formatRows(rows: readonly Row[], text: string | undefined, columns: number): string[] {
  if (rows.length === 0)
    return [text === undefined ? "No capabilities found" : `No capability matches ${JSON.stringify(text)}`];
  const cells = rows.map(row => [
    row.name,
    row.operations === undefined ? "invalid" : countOf(row.operations, "operation"),
    row.problem ?? descriptionText(row.label),
    row.tags.join(", "),
  ]);
  return alignColumns(
    cells.map(row => row.map(visibleLine)),
    WIDEST_COLUMN,
  ).map(line => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
}
