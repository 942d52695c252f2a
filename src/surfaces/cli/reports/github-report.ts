import type { OutputStream } from "../command-context.ts";
import type { Finding } from "../diagnose-file.ts";
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

function workflowCommand(finding: Finding, file: string): PrintedText {
  const { severity, rule, source } = finding;
  const level = severity === "error" ? "error" : severity === "warning" ? "warning" : "notice";
  const place = { file: source?.file ?? file, line: source?.line ?? 1, col: source?.column ?? 1 };
  return printWorkflowCommand(level, { ...place, title: rule }, findingText(finding));
}
