import { readdir } from "node:fs/promises";
import path from "node:path";
import { capabilityFolders } from "../../capability-folders.ts";
import { consumedAdapters } from "../../document/consumed.ts";
import type { CapabilityDocument } from "../../document/document-types.ts";
import { bareName, isCapabilityFile } from "../../document/locate.ts";
import { readDocument } from "../../document/read-document.ts";
import { visibleText } from "../../error/visible-text.ts";
import type { CommandContext } from "../command-context.ts";
import { readEnvironment } from "../environment.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { writeJson } from "../write-result.ts";

export interface ListOptions {
  /** Only capabilities in whose name, label, description or tags the text occurs, without case. */
  readonly text: string | undefined;
  readonly dirs: readonly string[];
  readonly output: "text" | "json";
}

interface Row {
  readonly name: string;
  readonly file: string;
  readonly label: string;
  /** Absent for a file that cannot be read. */
  readonly operations?: number;
  readonly tags: readonly string[];
  readonly problem?: string;
}

/** `naftiko list [text]`: the capabilities that can be called by name. */
export async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const env = await readEnvironment([], context);
  const rows: Row[] = [];
  for (const file of await capabilityFiles(capabilityFolders(options.dirs, env), context.cwd)) {
    const { row, searched } = await readRow(file);
    if (options.text === undefined || searched.toLowerCase().includes(options.text.toLowerCase()))
      rows.push(row);
  }
  if (options.output === "json") writeJson(rows, context.stdout);
  else context.stdout.write(formatRows(rows, options.text, context.stdout.columns ?? 160));
  return exitCode.done;
}

/** The files of all folders by name; the first folder that has a name wins, as in a look-up. */
async function capabilityFiles(folders: readonly string[], cwd: string): Promise<string[]> {
  const files = new Map<string, string>();
  for (const folder of folders.map(folder => path.resolve(cwd, folder))) {
    const entries = await readdir(folder).catch(() => []);
    for (const entry of entries.filter(isCapabilityFile).sort()) {
      if (!files.has(bareName(entry))) files.set(bareName(entry), path.join(folder, entry));
    }
  }
  return [...files.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

async function readRow(file: string): Promise<{ row: Row; searched: string }> {
  const name = bareName(file);
  try {
    const document = (await readDocument(file)).value as CapabilityDocument;
    const { label = "", description = "", tags = [] } = document.info ?? {};
    const operations = countOperations(document);
    return {
      row: { name, file, label, operations, tags },
      searched: [name, label, description, ...tags].join("\n"),
    };
  } catch (error) {
    return { row: { name, file, label: "", tags: [], problem: (error as Error).message }, searched: name };
  }
}

function countOperations(document: CapabilityDocument): number {
  let count = 0;
  for (const { adapter } of consumedAdapters(document)) {
    for (const resource of adapter.resources ?? []) count += resource.operations?.length ?? 0;
  }
  return count;
}

function formatRows(rows: readonly Row[], text: string | undefined, columns: number): string {
  if (rows.length === 0)
    return text === undefined ? "No capabilities found\n" : `No capability matches ${JSON.stringify(text)}\n`;
  const texts = rows.map(row => [
    row.name,
    row.operations === undefined
      ? "invalid"
      : `${row.operations} operation${row.operations === 1 ? "" : "s"}`,
    row.problem ?? row.label,
    row.tags.join(", "),
  ]);
  const widths = [0, 1, 2].map(column =>
    Math.min(60, Math.max(...texts.map(cells => cells[column]?.length ?? 0))),
  );
  return texts
    .map(cells =>
      visibleText(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).trimEnd(),
    )
    .map(line => (line.length > columns ? `${line.slice(0, columns - 1)}…\n` : `${line}\n`))
    .join("");
}
