import { visibleText } from "../../error/visible-text.ts";
import type { OutputStream } from "../command-context.ts";
import type { Finding } from "../diagnose-file.ts";
import type { Report } from "./report.ts";

/** Workflow commands that put each finding on its line of a pull request. */
export function githubReport(stdout: OutputStream): Report {
  return {
    add({ file, findings }) {
      for (const finding of findings) stdout.write(workflowCommand(finding, file));
    },
    finish() {},
  };
}

function workflowCommand({ severity, message, rule, source }: Finding, file: string): string {
  const level = severity === "error" ? "error" : severity === "warning" ? "warning" : "notice";
  const place = [
    `file=${escapeProperty(source?.file ?? file)}`,
    `line=${source?.line ?? 1}`,
    `col=${source?.column ?? 1}`,
    `title=${escapeProperty(rule)}`,
  ];
  return `::${level} ${place.join(",")}::${escapeData(visibleText(message))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
