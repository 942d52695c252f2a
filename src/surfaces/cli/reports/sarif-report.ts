import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ReportingDescriptor, Result, Log as SarifLog } from "sarif";
import type { Diagnostic, Severity } from "../../../base/capability-error.ts";
import { version } from "../../../base/version.ts";
import { describeRules } from "../../../language/validation/describe-rules.ts";
import type { CommandContext } from "../command-context.ts";
import { findingText } from "../remedy-text.ts";
import { writeJson } from "../write-result.ts";
import type { Report } from "./report.ts";

/** Base of relative file names in the log. */
const ROOT = "%SRCROOT%";

/** SARIF has no level for departures: the property `kind` of each result tells them from other notes. */
const LEVELS: Readonly<Record<Severity, Result.level>> = {
  error: "error",
  warning: "warning",
  departure: "note",
  info: "note",
};

/** Creates a report as a SARIF 2.1.0 log, for code scanning. Files below the working folder are relative to it. */
export function sarifReport(context: CommandContext, options: { readonly noColor: boolean }): Report {
  const { cwd } = context;
  const found: { readonly finding: Diagnostic; readonly file: string }[] = [];
  return {
    add({ file, findings }) {
      for (const finding of findings) found.push({ finding, file });
    },
    finish() {
      const rules = describeRules(new Set(found.map(({ finding }) => finding.rule))).map(
        ([id, { kinds, explanation, fix }]): ReportingDescriptor => ({
          id,
          defaultConfiguration: { level: LEVELS[kinds[0] ?? "warning"] },
          shortDescription: { text: explanation.slice(0, explanation.indexOf(". ") + 1) || explanation },
          fullDescription: { text: explanation },
          help: { text: fix },
        }),
      );
      const indexes = new Map(rules.map(({ id }, index) => [id, index]));
      const log: SarifLog = {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
          {
            tool: { driver: { name: "naftiko", semanticVersion: version, rules } },
            originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${cwd}${path.sep}`).href } },
            columnKind: "utf16CodeUnits",
            results: found.map(({ finding, file }) => resultOf(finding, file, cwd, indexes)),
          },
        ],
      };
      return writeJson(log, options, context, 2);
    },
  };
}

function resultOf(finding: Diagnostic, file: string, cwd: string, indexes: ReadonlyMap<string, number>): Result {
  const { rule, severity, source, pointer } = finding;
  const ruleIndex = indexes.get(rule);
  const line = source?.text;
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[severity],
    properties: { kind: severity },
    message: { text: findingText(finding) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(source?.file ?? file, cwd),
          region: {
            startLine: source?.line ?? 1,
            startColumn: source?.column ?? 1,
            ...(isShort(line) ? { snippet: { text: line } } : {}),
          },
        },
        ...(pointer === "" ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
      },
    ],
  };
}

/** Returns whether a line may be repeated in each result: a file may be one line. */
function isShort(line: string | undefined): line is string {
  return line !== undefined && line !== "" && line.length <= 1000;
}

function artifact(file: string, cwd: string): { readonly uri: string; readonly uriBaseId?: string } {
  const relative = path.relative(cwd, file);
  if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative))
    return { uri: pathToFileURL(file).href };
  return { uri: relative.split(path.sep).map(encodeURIComponent).join("/"), uriBaseId: ROOT };
}
