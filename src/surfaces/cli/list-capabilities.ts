import { countOf } from "../../base/count-of.ts";
import { visibleLine } from "../../base/visible-text.ts";
import type { CatalogueFile } from "../../catalogue/catalogue-file.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { descriptionText } from "./description-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { openCatalogue } from "./open-catalogue.ts";
import { printLines } from "./printed-text.ts";
import { remedyLines } from "./remedy-text.ts";
import { showText } from "./show-text.ts";
import { writeJson } from "./write-result.ts";

interface ListOptions {
  /** Only capabilities in whose name, label, description or tags all of them occur, without case. */
  readonly words: readonly string[];
  readonly open: OpenOptions;
  readonly output: "text" | "json";
  readonly noColor: boolean;
}

interface Row {
  readonly name: string;
  readonly file: string;
  readonly label: string;
  readonly description: string;
  /** Absent for a file that does not open. */
  readonly operations?: number;
  readonly tags: readonly string[];
  readonly problem?: string;
}

/** Runs `naftiko list [words]`: lists the capabilities that can be called by name. */
export async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { files } = await openCatalogue(options.open, context);
  const words = options.words.map(word => word.toLowerCase());
  const rows = files.filter(file => hasWords(file, words)).map(rowOf);
  if (options.output === "json") await writeJson(rows, options, context);
  else await showText(printLines(formatRows(rows, options.words, context.stdout.columns || 160)), context);
  return exitCode.done;
}

function hasWords({ name, label, description, tags }: CatalogueFile, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const searched = [name, label, description, ...tags].join("\n").toLowerCase();
  return words.every(word => searched.includes(word));
}

function rowOf({ name, file, label, description, tags, operationCount, problem }: CatalogueFile): Row {
  if (problem === undefined) return { name, file, label, description, operations: operationCount, tags };
  const text = [problem.message, ...remedyLines(problem.remedies)].join("; ");
  return { name, file, label, description, tags, problem: text };
}

const WIDEST_COLUMN = 60;

function formatRows(rows: readonly Row[], words: readonly string[], columns: number): string[] {
  if (rows.length === 0)
    return [words.length === 0 ? "No capabilities found" : `No capability matches ${JSON.stringify(words.join(" "))}`];
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
