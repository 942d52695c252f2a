import { type Diagnostic, isCapabilityError, type Severity } from "../../base/capability-error.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { switchProblem } from "../../language/validation/rule-switch.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import type { CommandContext } from "./command-context.ts";
import { diagnoseByKind } from "./diagnose-by-kind.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { FAILING_KINDS, type FailingKind, isFailing } from "./failing-kinds.ts";
import { type FoundFile, findFiles } from "./find-files.ts";
import { printLines } from "./printed-text.ts";
import { type ConfigOptions, readConfig } from "./read-config.ts";
import { githubReport } from "./reports/github-report.ts";
import { jsonReport } from "./reports/json-report.ts";
import type { Report } from "./reports/report.ts";
import { sarifReport } from "./reports/sarif-report.ts";
import { textReport } from "./reports/text-report.ts";
import { paintFor } from "./style.ts";
import { usageError } from "./usage-error.ts";
import type { ValidateFormat } from "./validate-formats.ts";

interface ValidateOptions extends ConfigOptions {
  /** Files, and folders that are searched with everything below them. */
  readonly paths: readonly string[];
  readonly open: OpenOptions;
  readonly format: ValidateFormat;
  /** Mildest kind of finding to fail for. */
  readonly failOn: FailingKind;
  /** Most warnings that do not fail. Absent: any number. */
  readonly maxWarnings: number | undefined;
  /** Rules that are switched off. */
  readonly ignore: readonly string[];
  /** Mend in the files what means the same afterwards. */
  readonly fix: boolean;
  /** Show every finding, not the first of each kind. */
  readonly all: boolean;
  /** Leave out findings that do not fail. */
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** Runs `naftiko validate <file|folder>…`: lists every finding of every file. */
export async function validateFiles(options: ValidateOptions, context: CommandContext): Promise<ExitCode> {
  const { failOn, maxWarnings = Number.POSITIVE_INFINITY, fix, quiet } = options;
  const files = await findFiles(options.paths, context.cwd, "validate");
  // Files that are validated together may belong together.
  const importRoots = absoluteFolders([...(options.open.importRoots ?? []), ...options.paths], context.cwd);
  const overlays = await configurationFor(files, options, context);
  const overlayFor = (capability: string) => overlays?.for({ capability, profile: options.open.profile });
  requireSwitches(options.ignore);
  const switchedOff = (file: string) => new Set([...options.ignore, ...(overlays?.ignoredRules(file) ?? [])]);
  const isShown = ({ severity }: Diagnostic) => isFailing(severity, failOn);
  const report = reportFor(options, context);
  const counts: Record<Severity, number> = { error: 0, warning: 0, departure: 0, info: 0 };
  let fixed = 0;
  let ignored = 0;
  let skipped = 0;
  for (const file of files) {
    const found = await diagnoseByKind(file, { importRoots, overlayFor, switchedOff, fix });
    if (found === undefined) {
      skipped++;
      continue;
    }
    for (const { severity } of found.findings) counts[severity]++;
    fixed += found.fixed.length;
    ignored += found.ignored;
    report.add(quiet ? { ...found, findings: found.findings.filter(isShown) } : found);
  }
  const shown = (severity: Severity) => (!quiet || isFailing(severity, failOn) ? counts[severity] : 0);
  await report.finish({
    files: files.length - skipped,
    skipped,
    errors: counts.error,
    warnings: shown("warning"),
    departures: shown("departure"),
    fixed,
    ignored: quiet ? 0 : ignored,
  });
  const isOver = counts.warning > maxWarnings;
  if (isOver) {
    const message = `Too many warnings: ${counts.warning} found, ${maxWarnings} allowed by --max-warnings`;
    context.stderr.write(printLines([message]));
  }
  const isBad = isOver || FAILING_KINDS.some(kind => isFailing(kind, failOn) && counts[kind] > 0);
  return isBad ? exitCode.capability : exitCode.done;
}

/** Reads the configuration. One that is not valid is no reason to stop if it is among the files: its findings are shown. */
async function configurationFor(files: readonly FoundFile[], options: ValidateOptions, context: CommandContext) {
  try {
    const overlays = await readConfig(options, context);
    overlays?.requireRules(switchProblem);
    return overlays;
  } catch (error) {
    const place = isCapabilityError(error, "CONFIG_INVALID") ? error.source?.file : undefined;
    if (place === undefined || !files.some(({ file }) => file === place)) throw error;
    return undefined;
  }
}

function requireSwitches(rules: readonly string[]): void {
  for (const rule of rules) {
    const problem = switchProblem(rule);
    if (problem !== undefined) throw usageError(`Cannot use --ignore ${rule}: ${problem}`);
  }
}

function reportFor(options: ValidateOptions, context: CommandContext): Report {
  const { format, noColor, all, quiet } = options;
  const { stdout, env } = context;
  if (format === "json") return jsonReport(context, options);
  if (format === "github") return githubReport(stdout);
  if (format === "sarif") return sarifReport(context, options);
  return textReport(stdout, { paint: paintFor(stdout, env, noColor), all, quiet });
}
