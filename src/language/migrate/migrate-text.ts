import { Composer, type CST, type Document, isMap, Parser, visit } from "yaml";
import { isMergeKey } from "../document/merge-key.ts";
import { rangeOf } from "../document/node-range.ts";
import { Comments } from "./comments.ts";
import { DocumentWriter, type MigrationFinding } from "./document-writer.ts";
import { SharedNodes } from "./shared-nodes.ts";
import { TextEdits } from "./text-edits.ts";

type TextMigration =
  /** `text` is unchanged if there is nothing to change. `findings` are in the order of the text. */
  | { readonly ok: true; readonly text: string; readonly findings: readonly MigrationFinding[] }
  /** The document is not a capability, or a capability without a newest form. */
  | { readonly ok: false; readonly isCapability: boolean; readonly finding: MigrationFinding };

/**
 * Brings a document to the newest form of the language (chapter 12) by changes to its text. Everything else stays as it
 * is written, including comments, quotes, line breaks and blank lines.
 *
 * @param text one YAML document without errors and without a byte order mark
 */
export function migrateText(text: string): TextMigration {
  const { document, comments } = parse(text);
  const root = document?.contents;
  if (document === undefined || !isMap(root)) return notACapability("the document is not a map");
  if (!root.has("naftiko") && !root.has("ikanos")) {
    return notACapability('the key "naftiko" or "ikanos" is missing');
  }
  if (root.has("naftiko") && root.has("ikanos")) {
    return refuse('There can be only one of the keys "naftiko" and "ikanos"', root.range?.[0] ?? 0);
  }

  const edits = new TextEdits(text);
  const shared = new SharedNodes(document);
  const writer = new DocumentWriter({ text, edits, comments, shared });
  writer.write(root);
  const conflict = shared.conflict();
  if (conflict !== undefined) {
    return refuse(
      `What *${conflict.source} stands for has to change in one place and not in another: write it out`,
      conflict.range?.[0] ?? 0,
    );
  }
  const merge = edits.isEmpty ? undefined : mergeKey(document);
  if (merge !== undefined) return refuse("The maps that << merges cannot be migrated: write them out", merge);
  const findings = writer.findings.toSorted((a, b) => a.offset - b.offset);
  if (edits.isEmpty) return { ok: true, text, findings };
  const migrated = edits.apply();
  requireComplete(comments, migrated);
  return { ok: true, text: migrated, findings };
}

/** Returns the offset of the first merge key. What it stands for has the form of another place. */
function mergeKey(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (!isMergeKey(key)) return undefined;
      offset = rangeOf(key)?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function parse(text: string): { document: Document.Parsed | undefined; comments: Comments } {
  const tokens: CST.Token[] = [...new Parser().parse(text)];
  const [document] = new Composer({ keepSourceTokens: true, logLevel: "silent" }).compose(tokens);
  return { document, comments: new Comments(tokens) };
}

/** Checks that the new text is well-formed and has all comments: the file is overwritten with it. */
function requireComplete(before: Comments, migrated: string): void {
  const { document, comments } = parse(migrated);
  const isComplete = JSON.stringify(comments.sorted()) === JSON.stringify(before.sorted());
  if (document?.errors.length !== 0 || !isComplete) {
    throw new Error("The migrated text would be broken; the file is as it was");
  }
}

function notACapability(problem: string): TextMigration {
  const message = `This is not a capability: ${problem}`;
  return { ok: false, isCapability: false, finding: { severity: "error", message, offset: 0 } };
}

function refuse(message: string, offset: number): TextMigration {
  return { ok: false, isCapability: true, finding: { severity: "error", message, offset } };
}
