import { countOf } from "../../base/count-of.ts";
import { visibleLines } from "../../base/visible-text.ts";
import type { CatalogueFile } from "../../catalogue/catalogue-file.ts";
import { keepText, readKeptText } from "../../catalogue/kept-text.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { descriptionText } from "./description-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { openCatalogue } from "./open-catalogue.ts";
import { printLines } from "./printed-text.ts";
import { remedyLines } from "./remedy-text.ts";
import { shortened } from "./shortened.ts";
import { showText } from "./show-text.ts";

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

/** Files whose list is worth keeping. */
const MANY_FILES = 200;

/** Runs `naftiko list [words]`: lists the capabilities that can be called by name. */
export async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const catalogue = await openCatalogue(options.open, context);
  const { stdout } = context;
  // Thousands of lines take as long to format as to look at their files.
  const isKept = options.words.length === 0 && options.output === "text" && !stdout.isTTY;
  const kept = isKept ? readKeptText(catalogue, "list") : undefined;
  if (kept !== undefined) {
    stdout.write(kept);
    return exitCode.done;
  }
  const { files } = catalogue;
  const words = options.words.map(word => word.toLowerCase());
  const listed = words.length === 0 ? files : files.filter(file => hasWords(file, words));
  if (options.output === "json") {
    const { writeJson } = await import("./write-result.ts");
    await writeJson(listed.map(rowOf), options, context);
  } else {
    const text = printLines(formatFiles(listed, options.words, stdout.columns || 160));
    await showText(text, context);
    if (isKept && files.length >= MANY_FILES) keepText(catalogue, "list", text);
  }
  return exitCode.done;
}

function hasWords({ name, label, description, tags }: CatalogueFile, words: readonly string[]): boolean {
  const searched = [name, label, description, ...tags].join("\n").toLowerCase();
  return words.every(word => searched.includes(word));
}

function rowOf(file: CatalogueFile): Row {
  const { name, label, description, tags, operationCount } = file;
  const head = { name, file: file.file, label, description };
  const problem = problemOf(file);
  return problem === undefined ? { ...head, operations: operationCount, tags } : { ...head, tags, problem };
}

function problemOf({ problem }: CatalogueFile): string | undefined {
  return problem && [problem.message, ...remedyLines(problem.remedies)].join("; ");
}

const WIDEST_COLUMN = 60;

function formatFiles(files: readonly CatalogueFile[], words: readonly string[], columns: number): string[] {
  if (files.length === 0)
    return [words.length === 0 ? "No capabilities found" : `No capability matches ${JSON.stringify(words.join(" "))}`];
  const names = visibleLines(files.map(({ name }) => name));
  const labels = visibleLines(files.map(file => problemOf(file) ?? descriptionText(file.label)));
  const tags = visibleLines(files.map(file => file.tags.join(", ")));
  const rows = files.map(({ problem, operationCount }, row) => [
    names[row] ?? "",
    problem === undefined ? countOf(operationCount, "operation") : "invalid",
    labels[row] ?? "",
    tags[row] ?? "",
  ]);
  return alignColumns(rows, WIDEST_COLUMN).map(line => shortened(line, columns));
}
