import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import type { JsonObject } from "../../base/json-object.ts";
import { openRuntime } from "../../engine/open.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { settleNumbers } from "../../language/document/written-numbers.ts";
import { compareCapabilities } from "../../language/model/compare/compare-capabilities.ts";
import type { Description } from "../../language/openapi/description.ts";
import { type FindingGroup, groupFindings } from "../../language/openapi/group-findings.ts";
import { type ImportedCapability, importDescription, type Split } from "../../language/openapi/import-description.ts";
import { readDescription } from "../../language/openapi/read-description.ts";
import { isHttpUrl } from "../../language/openapi/reference.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import type { CommandContext } from "./command-context.ts";
import { connectionArguments } from "./connection-arguments.ts";
import { descriptionSource } from "./description-source.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { formatDiagnostic } from "./format-error.ts";
import { printChanges } from "./print-changes.ts";
import { type Line, printLines } from "./printed-text.ts";
import { rawAddress } from "./raw-address.ts";
import { paintFor } from "./style.ts";
import { usageError } from "./usage-error.ts";
import { operationsOf, writeImported } from "./write-imported.ts";

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
  const capabilities = await importWhole(description, options, context);
  const lines = await writeImported(capabilities, { ...options, isSplit: split !== "none" }, context);
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
