import type { CapabilityError, Diagnostic } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";

/**
 * One capability file as read: its text and its plain value. Positions are not kept; `source-positions.ts` finds them
 * when one is shown to a person.
 */
export interface Document {
  /** File name without `.yaml` or `.yml`. For a document given as an object, its first namespace or `"capability"`. */
  readonly name: string;
  /** Absolute path. Absent for a document given as an object. */
  readonly file?: string;
  /** Text of the file. Absent for a document given as an object. */
  readonly text?: string;
  /** The YAML value: JSON types only. */
  readonly value: unknown;
}

/** Creates the error of a document with findings, in their order. */
export function invalidCapability(
  { file, name }: Pick<Document, "file" | "name">,
  findings: readonly Diagnostic[],
): CapabilityError<"CAPABILITY_INVALID"> {
  const subject = `${file ?? `Document "${name}"`} is not a valid capability`;
  return diagnosticsError("CAPABILITY_INVALID", subject, findings);
}

/** Largest accepted file in bytes. The largest published files are 2 MB, imports of large APIs are 5 MB. */
export const MAX_DOCUMENT_BYTES: number = 16 * 1024 * 1024;

/** Longest text, in characters, that is given to the package `yaml`, which takes a hundred times its memory. */
export const MAX_FULL_PARSE_LENGTH: number = 2 * 1024 * 1024;
