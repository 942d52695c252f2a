import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, readFile, realpath, rename, stat, unlink, writeFile } from "node:fs/promises";
import { MAX_FULL_PARSE_LENGTH } from "../../document/document.ts";
import { type Fix, fixText } from "./fix-text.ts";

const BYTE_ORDER_MARK = "\ufeff";

/** A file that cannot be mended, for a reason that the message gives. */
export class FixError extends Error {
  override readonly name = "FixError";
}

/**
 * Mends a file that can run, in one move: a reader at the same time sees the old text or the new one. Its permissions
 * stay, and so does a symbolic link to it. A file in which nothing is to be mended is not written.
 *
 * @param file absolute path
 * @throws FixError where it cannot be written
 */
export async function fixFile(file: string): Promise<readonly Fix[]> {
  const text = await readFile(file, "utf8");
  if (text.length > MAX_FULL_PARSE_LENGTH) return [];
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const fixed = await fixText(text.slice(mark.length));
  if (fixed.fixes.length > 0) await replace(file, mark + fixed.text);
  return fixed.fixes;
}

async function replace(link: string, text: string): Promise<void> {
  const file = await realpath(link);
  const { mode } = await stat(file);
  // Who may write everything may still have marked it as not to be changed.
  if ((mode & 0o222) === 0) throw new FixError(`Cannot fix ${link}: it is read-only`);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await access(file, constants.W_OK);
    await writeFile(temporary, text, { flag: "wx" });
    await chmod(temporary, mode & 0o7777);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw new FixError(`Cannot fix ${link}: ${(error as Error).message}`, { cause: error });
  }
}
