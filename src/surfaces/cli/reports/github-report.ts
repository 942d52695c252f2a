import type { Diagnostic, Severity } from "../../../base/capability-error.ts";
import type { OutputStream } from "../command-context.ts";
import { type PrintedText, printWorkflowCommand } from "../printed-text.ts";
import { findingText } from "../remedy-text.ts";
import type { Report } from "./report.ts";

/** Creates a report as workflow commands, which put each finding on its line of a pull request. */
export function githubReport(stdout: OutputStream): Report {
  return {
    add({ file, findings }) {
      for (const finding of findings) stdout.write(workflowCommand(finding, file));
    },
    finish() {},
  };
}

function workflowCommand(finding: Diagnostic, file: string): PrintedText {
  const { severity, rule, source } = finding;
  const place = { file: source?.file ?? file, line: source?.line ?? 1, col: source?.column ?? 1 };
  const { level, title } = COMMANDS[severity];
  return printWorkflowCommand(level, { ...place, title: title(rule) }, findingText(finding));
}

/** GitHub has three levels, so the title tells the kinds of notices apart. */
const COMMANDS: Readonly<Record<Severity, { readonly level: string; title(rule: string): string }>> = {
  error: { level: "error", title: rule => rule },
  warning: { level: "warning", title: rule => rule },
  departure: { level: "notice", title: rule => `${rule} (departure)` },
  info: { level: "notice", title: rule => rule },
};
