import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { visibleLine } from "../../base/visible-text.ts";
import type { CatalogueFile } from "../../catalogue/catalogue-file.ts";
import { openSearch } from "../../catalogue/search/catalogue-index.ts";
import { type SearchHit, searchCatalogue } from "../../catalogue/search/search-catalogue.ts";
import { METHODS } from "../../catalogue/search/search-index.ts";
import { DamagedIndexError } from "../../catalogue/segment.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { choiceProblem } from "./choice-problem.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { shortDescription } from "./input-usage.ts";
import { openCatalogue } from "./open-catalogue.ts";
import { printData, printLines } from "./printed-text.ts";
import { createProgress } from "./progress.ts";
import { sampleCall } from "./sample-call.ts";
import { shortened } from "./shortened.ts";
import { showText } from "./show-text.ts";
import { noteUnusualRun } from "./unusual-run.ts";
import { usageError } from "./usage-error.ts";
import { withoutOptimizing } from "./without-optimizing.ts";

interface SearchOptions {
  readonly question: string;
  /** As written: each may be several, with commas. */
  readonly methods: readonly string[];
  readonly tags: readonly string[];
  /** Names, in which `*` stands for any characters. */
  readonly capabilities: readonly string[];
  readonly limit: string | undefined;
  readonly open: OpenOptions;
  readonly output: "text" | "json" | "ndjson";
  readonly noColor: boolean;
}

/** Runs `naftiko search <words…>`: finds operations by what they do, the best first. */
export async function search(options: SearchOptions, context: CommandContext): Promise<ExitCode> {
  const { question, output } = options;
  if (question.trim() === "") throw usageError("There is nothing to search for", "naftiko search <words…>");
  const methods = readMethods(options.methods);
  const limit = readLimit(options.limit);
  const tags = options.tags.map(tag => tag.toLowerCase());
  const filters = { methods, tags, isCapability: nameTest(options.capabilities) };
  const find = async () => {
    const catalogue = await openCatalogue(options.open, context);
    const { files } = catalogue;
    const progress = createProgress(context, { quiet: false, verbose: false });
    const searched = await openSearch(catalogue, (done, all) => {
      noteUnusualRun();
      progress.show(`Indexing capability files: ${done} of ${all}`);
    });
    progress.clear();
    return { files, hits: withoutOptimizing(() => searchCatalogue(searched, question, filters, limit)) };
  };
  const { files, hits } = await find().catch(error => {
    if (error instanceof DamagedIndexError) return find();
    throw error;
  });
  if (hits.length === 0) context.stderr.write(printLines(noneFound(options, files)));
  if (output === "json") {
    const { writeJson } = await import("./write-result.ts");
    await writeJson(hits.map(rowOf), options, context);
  } else if (output === "ndjson")
    context.stdout.write(printData(hits.map(hit => `${JSON.stringify(rowOf(hit))}\n`).join(""), context.stdout));
  else if (hits.length > 0)
    await showText(printLines(hits.flatMap(hit => linesOf(hit, context.stdout.columns || USUAL_WIDTH))), context);
  return exitCode.done;
}

function readMethods(written: readonly string[]): (typeof METHODS)[number][] {
  return written
    .flatMap(text => text.split(","))
    .map(text => {
      const method = METHODS.find(name => name === text.trim().toUpperCase());
      if (method === undefined) throw usageError(choiceProblem("method", text, METHODS));
      return method;
    });
}

const USUAL_LIMIT = 10;

function readLimit(text: string | undefined): number {
  if (text === undefined) return USUAL_LIMIT;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`Option --limit is a number from 1, found ${JSON.stringify(text)}`);
}

/** Returns what tells whether a name is one of those written. */
function nameTest(patterns: readonly string[]): ((name: string) => boolean) | undefined {
  if (patterns.length === 0) return undefined;
  const parts = patterns.map(pattern => pattern.split("*"));
  return name => parts.some(pattern => matches(name, pattern));
}

/** Tells whether a name consists of parts with any characters between them. The work grows with the name alone. */
function matches(name: string, [first = "", ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let rest = name.slice(first.length, name.length - last.length);
  for (const part of others) {
    const place = rest.indexOf(part);
    if (place === -1) return false;
    rest = rest.slice(place + part.length);
  }
  return true;
}

/** Says that nothing is found, and which filter nothing passes. */
function noneFound(options: SearchOptions, files: readonly CatalogueFile[]): string[] {
  const { question, tags, capabilities } = options;
  const names = files.map(({ name }) => name);
  for (const pattern of capabilities)
    if (!names.some(name => matches(name, pattern.split("*"))))
      return [`No capability is called ${JSON.stringify(pattern)}${didYouMean(suggest(pattern, names))}`];
  const known = [...new Set(files.flatMap(file => file.tags))];
  for (const tag of tags)
    if (!known.some(one => one.toLowerCase() === tag.toLowerCase()))
      return [`No capability has the tag ${JSON.stringify(tag)}${didYouMean(suggest(tag, known))}`];
  return [`No operation matches ${JSON.stringify(shortened(question, 80))}`];
}

function rowOf({ file, operation }: SearchHit): object {
  const { reference, method, path, description, label } = operation;
  return {
    capability: file.name,
    operation: reference,
    method,
    path,
    description: description ?? label ?? "",
    file: file.file,
  };
}

/** Characters of a description where the width of the terminal is not known. */
const USUAL_WIDTH = 160;

/** Returns a command line that calls an operation, and what the operation does. */
function linesOf({ file, operation }: SearchHit, columns: number): string[] {
  const { method, path, label, description = "", inputs } = operation;
  const call = sampleCall(file.name, {
    ...operation,
    inputs: inputs.map(input => ({ ...input, choice: input.enum?.[0] })),
  });
  const text = shortDescription([label, description].filter(Boolean).join(": "), columns);
  return [visibleLine(call), shortened(`  ${method} ${path}  ${text}`.trimEnd(), columns)];
}
