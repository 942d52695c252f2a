import type { OpenOptions } from "../../engine/open-options.ts";
import type { CommandContext } from "./command-context.ts";
import { diagnoseFile, type FileFindings } from "./diagnose-file.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findFiles } from "./find-files.ts";
import { absoluteFolders } from "./open-named.ts";
import { type ConfigOptions, readConfig } from "./read-config.ts";
import { githubReport } from "./reports/github-report.ts";
import { jsonReport } from "./reports/json-report.ts";
import type { Report } from "./reports/report.ts";
import { sarifReport } from "./reports/sarif-report.ts";
import { textReport } from "./reports/text-report.ts";
import { paintFor } from "./style.ts";
import type { ValidateFormat } from "./validate-formats.ts";

interface ValidateOptions extends ConfigOptions {
  /** Files, and folders that are searched with everything below them. */
  readonly paths: readonly string[];
  readonly open: OpenOptions;
  readonly format: ValidateFormat;
  /** Fail for departures from the published specification. */
  readonly strict: boolean;
  /** Mend in the files what means the same afterwards. */
  readonly fix: boolean;
  /** Show every departure, not the first of each kind. */
  readonly all: boolean;
  /** Leave out findings that do not fail. */
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** Runs `naftiko validate <file|folder>…`: lists every finding of every file. */
export async function validateFiles(options: ValidateOptions, context: CommandContext): Promise<ExitCode> {
  const { strict, fix } = options;
  const files = await findFiles(options.paths, context.cwd, "validate");
  // Files that are validated together may belong together.
  const importRoots = absoluteFolders([...(options.open.importRoots ?? []), ...options.paths], context.cwd);
  const overlays = await readConfig(options, context);
  const overlayFor = (capability: string) => overlays?.for({ capability, profile: options.open.profile });
  const report = reportFor(options, context);
  const totals = { files: files.length, errors: 0, warnings: 0, departures: 0, fixed: 0 };
  for (const { file } of files) {
    const found = await diagnoseFile(file, { importRoots, overlayFor, fix });
    for (const { severity, departs } of found.findings) {
      if (severity === "error") totals.errors++;
      if (severity === "warning") totals.warnings++;
      if (departs) totals.departures++;
    }
    totals.fixed += found.fixed.length;
    report.add(options.quiet ? withoutRemarks(found, strict) : found);
  }
  report.finish(options.quiet ? { ...totals, warnings: strict ? totals.departures : 0 } : totals);
  return totals.errors > 0 || (strict && totals.departures > 0) ? exitCode.capability : exitCode.done;
}

function reportFor({ format, noColor, all, quiet }: ValidateOptions, context: CommandContext): Report {
  const { stdout, cwd, env } = context;
  if (format === "json") return jsonReport(stdout);
  if (format === "github") return githubReport(stdout);
  if (format === "sarif") return sarifReport(stdout, cwd);
  return textReport(stdout, { paint: paintFor(stdout, env, noColor), all, quiet });
}

function withoutRemarks(found: FileFindings, strict: boolean): FileFindings {
  const findings = found.findings.filter(({ severity, departs }) => severity === "error" || (strict && departs));
  return { ...found, findings };
}
