import { replaceText } from "../../base/files/change-file.ts";
import { withoutByteOrderMark } from "../../base/files/file-text.ts";
import { MAX_FULL_PARSE_LENGTH } from "../../language/document/document.ts";
import { readDocumentText } from "../../language/document/read-document.ts";
import type { Fix, MayFix } from "../../language/validation/fixes/fix-text.ts";

/** A file that can be mended and not be written, for a reason that the message gives. */
export class FixError extends Error {
  override readonly name = "FixError";
}

/**
 * Mends a file that can run. One in which nothing is to be mended is not written, nor one that is too large for the
 * parser that keeps places.
 *
 * @param file absolute path
 * @throws FixError where it cannot be written
 */
export async function fixFile(file: string, mayFix: MayFix): Promise<readonly Fix[]> {
  const before = readDocumentText(file);
  const text = withoutByteOrderMark(before);
  if (text.length > MAX_FULL_PARSE_LENGTH) return [];
  const { fixText } = await import("../../language/validation/fixes/fix-text.ts");
  const { text: after, fixes } = await fixText(text, mayFix);
  if (fixes.length === 0) return [];
  try {
    await replaceText(file, before, before.slice(0, before.length - text.length) + after);
  } catch (cause) {
    throw new FixError(`Cannot fix ${file}: ${(cause as Error).message}`, { cause });
  }
  return fixes;
}
