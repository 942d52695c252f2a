import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import { replaceText } from "../../base/files/change-file.ts";
import { type Migration, migrateFile, NOT_A_CAPABILITY } from "../../language/migrate/migrate-file.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode, exitCodeOf } from "./exit-code.ts";
import { type FoundFile, findFiles } from "./find-files.ts";
import { formatDiagnostic, formatError } from "./format-error.ts";
import { printData, printLines } from "./printed-text.ts";
import { withSchemaLine } from "./schema-line.ts";
import { shownPath } from "./shown-path.ts";
import { paintFor } from "./style.ts";
import { usageError } from "./usage-error.ts";

interface MigrateOptions {
  /** Files, and folders that are searched with everything below them. */
  readonly paths: readonly string[];
  /** Write over the files; otherwise the text of one file is printed. */
  readonly write: boolean;
  /** Only tell which files would change. */
  readonly check: boolean;
  /** Print no warnings and notes. */
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** Outcome for a file. `other`: it was found in a folder and is not a capability. */
type Outcome = "migrated" | "up to date" | "other" | "failed";

/** Runs `naftiko migrate <file|folder>…`: brings files to the newest form of the language. */
export async function migrate(options: MigrateOptions, context: CommandContext): Promise<ExitCode> {
  if (options.write && options.check) throw usageError("Options --write and --check exclude each other");
  const files = await findFiles(options.paths, context.cwd, "migrate");
  if (options.write || options.check) return migrateAll(files, options, context);
  const [only] = files;
  if (only === undefined || files.length > 1 || !only.isNamed) {
    throw usageError(
      "Without --write the text of one file is printed: name one file, or add --write",
      "naftiko migrate <file or folder>… --write",
    );
  }
  const migration = await migrateFile(only.file);
  printFindings(migration, options, context);
  if (migration.after === migration.before && !options.quiet) {
    context.stderr.write(printLines([`${shownPath(only.file, context.cwd)} is up to date`]));
  }
  context.stdout.write(printData(migration.after, context.stdout));
  return exitCode.done;
}

async function migrateAll(
  files: readonly FoundFile[],
  options: MigrateOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const counts: Record<Outcome, number> = { migrated: 0, "up to date": 0, other: 0, failed: 0 };
  let code: ExitCode = exitCode.done;
  for (const found of files) {
    try {
      counts[await migrateOne(found, options, context)]++;
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      if (!found.isNamed && isOther(error)) {
        counts.other++;
        continue;
      }
      counts.failed++;
      code = exitCodeOf(error);
      const paint = paintFor(context.stderr, context.env, options.noColor);
      context.stderr.write(
        printLines(formatError(error, { advice: [], secrets: context.secrets, verbose: false, include: false }), paint),
      );
    }
  }
  context.stdout.write(printLines([summary(counts, options)]));
  return options.check && counts.migrated > 0 ? exitCode.capability : code;
}

async function migrateOne(
  { file, isNamed }: FoundFile,
  options: MigrateOptions,
  context: CommandContext,
): Promise<Outcome> {
  const migration = await migrateFile(file);
  const shown = shownPath(file, context.cwd);
  printFindings(migration, options, context);
  if (migration.after === migration.before) {
    if (isNamed) context.stdout.write(printLines([`${shown} is up to date`]));
    return "up to date";
  }
  if (options.write) await write(file, migration);
  context.stdout.write(printLines([`${shown} ${options.write ? "is migrated" : "is to be migrated"}`]));
  return "migrated";
}

async function write(file: string, { before, after }: Migration): Promise<void> {
  try {
    await replaceText(file, before, withSchemaLine(after, file));
  } catch (error) {
    throw usageError(`Cannot write ${file}: ${(error as Error).message}`);
  }
}

function isOther(error: CapabilityError): boolean {
  return isCapabilityError(error, "CAPABILITY_INVALID") && error.details.diagnostics[0]?.rule === NOT_A_CAPABILITY;
}

function summary(counts: Readonly<Record<Outcome, number>>, { check }: MigrateOptions): string {
  const files = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    countOf(files, "file"),
    `${counts.migrated} ${check ? "to be migrated" : "migrated"}`,
    `${counts["up to date"]} up to date`,
    ...(counts.other > 0 ? [`${counts.other} no ${counts.other === 1 ? "capability" : "capabilities"}`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
  ].join(", ");
}

function printFindings(
  { diagnostics }: Migration,
  { quiet, noColor }: MigrateOptions,
  { stderr, env }: CommandContext,
): void {
  if (quiet) return;
  const paint = paintFor(stderr, env, noColor);
  for (const diagnostic of diagnostics) stderr.write(printLines(formatDiagnostic(diagnostic), paint));
}
