import type { Diagnostic } from "../../base/capability-error.ts";
import { readDocumentText } from "../../language/document/read-document.ts";
import { type IgnoreComments, readIgnoreComments } from "../../language/validation/ignore-comments.ts";

/** Returns the rules that the command line and the configuration switch off for a file, by its absolute path. */
export type SwitchedOff = (file: string) => ReadonlySet<string>;

interface SortedFindings {
  /** Findings that stay, with those about comments. */
  readonly shown: readonly Diagnostic[];
  readonly ignored: readonly Diagnostic[];
}

/** Takes out the findings that are switched off. An error stays: it keeps the file from running. */
export async function withoutIgnored(
  findings: readonly Diagnostic[],
  { file, text, switchedOff }: { readonly file: string; readonly text: string; readonly switchedOff: SwitchedOff },
): Promise<SortedFindings> {
  const own = await readIgnoreComments(text, file);
  const comments = new Map<string, IgnoreComments>([[file, own]]);
  const shown: Diagnostic[] = [];
  const ignored: Diagnostic[] = [];
  for (const finding of [...own.problems, ...findings]) {
    const { severity, rule, source } = finding;
    // A finding may be in a file that is imported, whose comments count there.
    const place = source?.file ?? file;
    let found = comments.get(place);
    if (found === undefined) {
      found = await readIgnoreComments(readDocumentText(place), place);
      comments.set(place, found);
    }
    const isOff = switchedOff(place).has(rule) || found.rules.get(source?.line ?? 0)?.has(rule) === true;
    (isOff && severity !== "error" ? ignored : shown).push(finding);
  }
  return { shown, ignored };
}
