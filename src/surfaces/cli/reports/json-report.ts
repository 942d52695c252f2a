import type { Diagnostic } from "../../../base/capability-error.ts";
import { describeRules } from "../../../language/validation/describe-rules.ts";
import type { CommandContext } from "../command-context.ts";
import { writeJson } from "../write-result.ts";
import type { Report } from "./report.ts";

/** Creates a report as one JSON object, for programs. */
export function jsonReport(context: CommandContext, options: { readonly noColor: boolean }): Report {
  const diagnostics: Diagnostic[] = [];
  const fixed: Diagnostic[] = [];
  const rules = new Set<string>();
  return {
    add(found) {
      for (const diagnostic of found.findings) {
        diagnostics.push(withShortLine(diagnostic));
        rules.add(diagnostic.rule);
      }
      fixed.push(...found.fixed.map(withShortLine));
    },
    finish({ files, skipped, errors, warnings, departures, ignored }) {
      const report = {
        files,
        skipped,
        errors,
        warnings,
        departures,
        ignored,
        diagnostics,
        fixed: fixed.map(({ severity: _, ...fix }) => fix),
        rules: Object.fromEntries(describeRules(rules)),
      };
      return writeJson(report, options, context, 2);
    },
  };
}

/** Length limit of a line. A file may be one line, which every finding would repeat. */
const LONGEST_LINE = 1000;

function withShortLine(diagnostic: Diagnostic): Diagnostic {
  const { source } = diagnostic;
  if (source === undefined || source.text.length <= LONGEST_LINE) return diagnostic;
  return { ...diagnostic, source: { ...source, text: `${source.text.slice(0, LONGEST_LINE)}…` } };
}
