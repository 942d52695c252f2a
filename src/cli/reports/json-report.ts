import type { Diagnostic } from "../../error/capability-error.ts";
import { describeRules } from "../../validation/describe-rules.ts";
import type { OutputStream } from "../command-context.ts";
import type { Report } from "./report.ts";

/** One JSON object of everything, for programs. */
export function jsonReport(stdout: OutputStream): Report {
  const diagnostics: Diagnostic[] = [];
  const fixed: Diagnostic[] = [];
  const rules = new Set<string>();
  return {
    add(found) {
      for (const { departs: _, ...diagnostic } of found.findings) {
        diagnostics.push(diagnostic);
        rules.add(diagnostic.rule);
      }
      fixed.push(...found.fixed);
    },
    finish({ files, errors, warnings, departures }) {
      const report = {
        files,
        errors,
        warnings,
        departures,
        diagnostics,
        fixed: fixed.map(({ severity: _, ...fix }) => fix),
        rules: Object.fromEntries(describeRules(rules)),
      };
      stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    },
  };
}
