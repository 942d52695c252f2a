import type { CapabilityError, Diagnostic } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";
import { withoutByteOrderMark } from "../../base/files/file-text.ts";
import { MAX_FULL_PARSE_LENGTH } from "../document/document.ts";
import { LineIndex } from "../document/line-index.ts";
import { parseYaml } from "../document/parse-yaml.ts";
import { readDocumentText } from "../document/read-document.ts";
import type { MigrationFinding } from "./document-writer.ts";

/** Rule of the finding that a document is not a capability. */
export const NOT_A_CAPABILITY = "not-a-capability";

export interface Migration {
  /** Text of the file. */
  readonly before: string;
  /** The text in the newest form of the language. Equal to `before` if there is nothing to change. */
  readonly after: string;
  /** Parts that stay in an older form or need a look, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file and brings its text to the newest form. Writes nothing.
 *
 * @param file absolute path
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` if it cannot be read, `CAPABILITY_INVALID` if it is not one YAML
 *   document, not a capability, or has no newest form
 */
export async function migrateFile(file: string): Promise<Migration> {
  const before = readDocumentText(file);
  const text = withoutByteOrderMark(before);
  const lines = new LineIndex(text);
  const diagnose = ({ severity, message, offset }: MigrationFinding, rule = "migrate"): Diagnostic => ({
    severity,
    rule,
    message,
    pointer: "",
    source: lines.location(file, offset),
  });
  if (text.length > MAX_FULL_PARSE_LENGTH) {
    const message = `It is larger than ${MAX_FULL_PARSE_LENGTH / 1024 / 1024} MiB`;
    throw refusal(file, diagnose({ severity: "error", message, offset: 0 }));
  }
  await parseYaml(text, file);
  const { migrateText } = await import("./migrate-text.ts");
  const migration = migrateText(text);
  if (!migration.ok)
    throw refusal(file, diagnose(migration.finding, migration.isCapability ? "migrate" : NOT_A_CAPABILITY));
  const mark = before.slice(0, before.length - text.length);
  const diagnostics = migration.findings.map(finding => diagnose(finding));
  return { before, after: mark + migration.text, diagnostics };
}

function refusal(file: string, diagnostic: Diagnostic): CapabilityError {
  return diagnosticsError("CAPABILITY_INVALID", `Cannot migrate ${file}`, [diagnostic]);
}
