import { isAscii } from "node:buffer";
import { closeSync, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { CapabilityError, type Diagnostic } from "../../base/capability-error.ts";
import { markedFileText, withoutByteOrderMark } from "../../base/files/file-text.ts";
import { type Document, invalidCapability, MAX_DOCUMENT_BYTES } from "./document.ts";
import { bareName } from "./locate.ts";
import { parseSettledYaml } from "./parse-yaml.ts";
import { type ForeignValue, plainValue } from "./plain-value.ts";

/**
 * Reads and parses one capability file.
 *
 * @param file absolute path
 * @param accept throws for a file that may not be read. It is given the very file that is then read, whatever replaces
 *   it meanwhile
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` if it cannot be read, `CAPABILITY_INVALID` if it is larger than {@link
 *   MAX_DOCUMENT_BYTES}, not text or not one YAML document
 */
export async function readDocument(file: string, accept?: (stats: Stats) => void): Promise<Document> {
  const text = withLineFeeds(withoutByteOrderMark(decode(readBytes(file, accept), file)));
  return { name: bareName(file), file, text, value: await parseSettledYaml(text, file) };
}

/**
 * Reads the text of a capability file, with its byte order mark.
 *
 * @param file absolute path
 * @throws CapabilityError as {@link readDocument}, which also parses it
 */
export function readDocumentText(file: string): string {
  return decode(readBytes(file), file);
}

/**
 * Wraps a document that a program built or parsed itself. It is copied, as the program may change its object.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` if it holds values that a file cannot
 */
export function documentFromValue(given: unknown): Document {
  const found: ForeignValue[] = [];
  const value = plainValue(given, found);
  const name = firstNamespace(value) ?? "capability";
  if (found.length === 0) return { name, value };
  const findings = found.map((problem): Diagnostic => ({ severity: "error", rule: "document", ...problem }));
  throw invalidCapability({ name }, findings);
}

/** Reads the bytes of a file. Synchronous: a small local file is read before the thread pool would have answered. */
function readBytes(file: string, accept?: (stats: Stats) => void): Buffer {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new Error("it is not a file");
    if (stats.size <= MAX_DOCUMENT_BYTES) return accept === undefined ? readFileSync(file) : readAccepted(file, accept);
  } catch (cause) {
    if (cause instanceof CapabilityError) throw cause;
    throw new CapabilityError("CAPABILITY_NOT_FOUND", {
      message: `Cannot read ${file}: ${(cause as Error).message}`,
      details: { name: file, searched: [file], suggestions: [] },
      cause,
    });
  }
  throw invalid(file, `Cannot read ${file}: it is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`);
}

function readAccepted(file: string, accept: (stats: Stats) => void): Buffer {
  const descriptor = openSync(file, "r");
  try {
    accept(fstatSync(descriptor));
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Buffer, file: string): string {
  // Most files are ASCII, which is copied and not decoded. A zero may be the half of a character of UTF-16.
  if (isAscii(bytes) && bytes[0] !== 0 && bytes[1] !== 0) return bytes.toString("latin1");
  try {
    return markedFileText(bytes);
  } catch (error) {
    throw invalid(file, `Cannot read ${file}: ${(error as Error).message}`);
  }
}

/** Writes each line break as a line feed: YAML takes both for one (YAML 1.2, 5.4). */
function withLineFeeds(text: string): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
}

function invalid(file: string, message: string): CapabilityError {
  const source = { file, line: 1, column: 1, text: "" };
  return new CapabilityError("CAPABILITY_INVALID", {
    message,
    details: {
      diagnostics: [{ severity: "error", rule: "document", message, pointer: "", source }],
      omitted: 0,
    },
  });
}

function firstNamespace(value: unknown): string | undefined {
  const root = value as { capability?: { consumes?: unknown }; consumes?: unknown } | null | undefined;
  const lists = [root?.capability?.consumes, root?.consumes];
  for (const list of lists) {
    const namespace = Array.isArray(list) ? (list[0] as { namespace?: unknown } | null)?.namespace : undefined;
    if (typeof namespace === "string" && namespace !== "") return namespace;
  }
  return undefined;
}
