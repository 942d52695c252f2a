import type { Diagnostic } from "../../../base/capability-error.ts";
import { countOf } from "../../../base/count-of.ts";
import { getOrSet } from "../../../base/get-or-set.ts";
import { pointerSegments } from "../../../base/json-pointer.ts";
import { ruleCatalogue } from "../../../language/validation/rule-catalogue.ts";
import type { OutputStream } from "../command-context.ts";
import { formatDiagnostic } from "../format-error.ts";
import { type Line, type Paint, printLines, styled } from "../printed-text.ts";
import type { Report, Totals } from "./report.ts";

interface TextReportOptions {
  readonly paint: Paint;
  /** Whether to show every finding, not only the first of its kind in a file. */
  readonly all: boolean;
  /** Whether to leave out the explanations of rules. */
  readonly quiet: boolean;
}

/** Creates a text report: each finding with its line, similar ones once a file, then explanations of their rules. */
export function textReport(stdout: OutputStream, { paint, all, quiet }: TextReportOptions): Report {
  const rules = new Set<string>();
  const print = (lines: readonly Line[]) => stdout.write(printLines(lines, paint));
  return {
    add({ findings, fixed }) {
      for (const fix of fixed) print(formatDiagnostic(fix, "fixed"));
      const kinds = all ? findings.map(alone) : byKind(findings);
      let grouped = 0;
      let omitted = 0;
      for (const { first, more } of kinds) {
        const isGrouped = groups(first);
        if (isGrouped && ++grouped > MAX_KINDS && !all) {
          omitted += 1 + more;
          continue;
        }
        print(formatDiagnostic(first));
        if (more > 0) print([[styled("dim", `  … and ${more} more like it (--all shows them)`)]]);
        if (isGrouped) rules.add(first.rule);
      }
      if (omitted > 0) print([[styled("dim", `… and ${omitted} others (--all shows them)`)]]);
    },
    finish(totals) {
      if (!quiet && rules.size > 0) print(["", ...explain(rules), ""]);
      print([summary(totals)]);
    },
  };
}

/** Limit of the kinds of grouped findings that are shown for a file. */
const MAX_KINDS = 50;

interface Kind {
  readonly first: Diagnostic;
  more: number;
}

function alone(finding: Diagnostic): Kind {
  return { first: finding, more: 0 };
}

/** Tells whether a file may have many findings that say the same: those of the published schemas. */
function groups({ rule, severity }: Diagnostic): boolean {
  return severity === "departure" || rule === "unknown-key";
}

/** Most findings of a rule in places of one kind, before the others are only counted. Errors are all shown. */
const MOST_ALIKE = 10;

/** Groups findings that only differ in their place. */
function byKind(findings: readonly Diagnostic[]): Kind[] {
  const kinds = new Map<string, Kind>();
  const counts = new Map<string, number>();
  for (const [index, finding] of findings.entries()) {
    const alike = `${finding.severity} ${finding.rule} ${shapeOf(finding.pointer)}`;
    const count = (counts.get(alike) ?? 0) + 1;
    counts.set(alike, count);
    const isGrouped = groups(finding) || (finding.severity !== "error" && count >= MOST_ALIKE);
    const key = isGrouped ? alike : String(index);
    const kind = getOrSet(kinds, key, () => alone(finding));
    if (kind.first !== finding) kind.more++;
  }
  return [...kinds.values()];
}

/** Members whose own members have names from the file, in one generation of the language or both. */
const NAMED = new Set(
  "resources operations inputParameters outputParameters tools prompts arguments steps skills flows properties items with keys".split(
    " ",
  ),
);

/** Returns a pointer without the parts that tell an element from its neighbours. */
function shapeOf(pointer: string): string {
  return pointerSegments(pointer)
    .map((segment, index, all) => (/^\d+$/.test(segment) || NAMED.has(all[index - 1] ?? "") ? "*" : segment))
    .join("/");
}

function explain(rules: ReadonlySet<string>): Line[] {
  return [...ruleCatalogue]
    .filter(([rule]) => rules.has(rule))
    .map(([rule, { explanation, fix, fixable }]) => {
      const hint = fixable ? " --fix mends some of it." : "";
      return [styled("bold", `${rule}:`), ` ${explanation} ${fix}${hint}`];
    });
}

function summary({ files, errors, warnings, departures, fixed, ignored, skipped }: Totals): string {
  return [
    countOf(files, "file"),
    countOf(errors, "error"),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
    ...(departures > 0 ? [countOf(departures, "departure")] : []),
    ...(fixed > 0 ? [`${fixed} fixed`] : []),
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
    ...(skipped > 0 ? [`${countOf(skipped, "file")} of others skipped`] : []),
  ].join(", ");
}
