import { isScalar, parseDocument } from "yaml";
import { parseSettledYaml } from "../../document/parse-yaml.ts";
import { findBindReferences } from "../bind-references.ts";
import { findDepartures } from "../published/find-departures.ts";
import { type Edit, type FixContext, fixers } from "./fixers.ts";
import { memberAt } from "./yaml-nodes.ts";

/** Mended place. */
export interface Fix {
  readonly rule: string;
  /** JSON pointer in the document as it was. */
  readonly pointer: string;
  readonly message: string;
}

/** Tells whether a finding may be mended: those that are switched off stay. */
export type MayFix = (rule: string, pointer: string) => boolean;

interface FixedText {
  readonly text: string;
  readonly fixes: readonly Fix[];
}

/** Most passes. One mended place may show another: a key with its new name may have a value of the wrong type. */
const MAX_PASSES = 5;

/**
 * Mends a text, of a file that can run, where its meaning stays the same. Everything else stays as it is, comments and
 * layout to the byte.
 *
 * @param text one YAML document without syntax errors and without a key twice
 */
export async function fixText(text: string, mayFix: MayFix = () => true): Promise<FixedText> {
  let current = text;
  const fixes: Fix[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const planned = await planFixes(current, mayFix);
    if (planned.length === 0) break;
    const edited = applyEdits(
      current,
      planned.map(({ edit }) => edit),
    );
    if (parseDocument(edited, { logLevel: "silent", uniqueKeys: false }).errors.length > 0) break;
    current = edited;
    fixes.push(...planned.map(({ fix }) => fix));
  }
  return { text: current, fixes };
}

interface PlannedFix {
  readonly fix: Fix;
  readonly edit: Edit;
}

async function planFixes(text: string, mayFix: MayFix): Promise<PlannedFix[]> {
  // The check for unique keys takes quadratic time, and has been made.
  const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
  const value = await parseSettledYaml(text, "");
  const context: FixContext = { text, contents: document.contents, value };
  const departures = (await findDepartures(value)).flatMap(departure => {
    for (const fixer of fixers[departure.rule] ?? []) {
      const fixed = fixer(departure, context);
      if (fixed === undefined) continue;
      const { rule, pointer } = departure;
      return [{ fix: { rule, pointer, message: fixed.message }, edit: fixed.edit }];
    }
    return [];
  });
  const planned = [...departures, ...planReferences(context)];
  return withoutOverlaps(planned.filter(({ fix }) => mayFix(fix.rule, fix.pointer)));
}

/** Drops the second of two changes to one place, which is for the next pass. */
function withoutOverlaps(planned: readonly PlannedFix[]): PlannedFix[] {
  const chosen: PlannedFix[] = [];
  for (const candidate of planned.toSorted((a, b) => a.edit.start - b.edit.start)) {
    const last = chosen.at(-1);
    if (last === undefined || !overlap(last.edit, candidate.edit)) chosen.push(candidate);
  }
  return chosen;
}

function planReferences({ text, contents, value }: FixContext): PlannedFix[] {
  return findBindReferences(value).flatMap(({ pointer, written, meant }) => {
    const node = memberAt(contents, pointer)?.value;
    if (!isScalar(node) || !node.range) return [];
    const [start, end] = node.range;
    const source = text.slice(start, end);
    // Escaped and folded text stays.
    if (!source.includes(written)) return [];
    const replaced = node.type === "PLAIN" ? JSON.stringify(meant) : source.replace(written, () => meant);
    const fix = { rule: "bind-reference", pointer, message: `${written} written as ${meant}` };
    return [{ fix, edit: { start, end, text: replaced } }];
  });
}

/** Applies edits that do not overlap. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start))
    edited = edited.slice(0, start) + replacement + edited.slice(end);
  return edited;
}

function overlap(one: Edit, other: Edit): boolean {
  return one.start < other.end && other.start < one.end;
}
