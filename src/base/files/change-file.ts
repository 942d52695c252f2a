import { readFile } from "node:fs/promises";
import { type LockOptions, withFileLock } from "./file-lock.ts";
import { markedFileText, rewrittenFile } from "./file-text.ts";
import { writeWholeFile } from "./whole-file.ts";

/** Options for changing a shared file. */
interface ChangeOptions extends LockOptions {
  /**
   * Permissions of the file.
   *
   * @default as before, or as any new file
   */
  readonly mode?: number;
}

/**
 * Changes a file that several processes share. It is locked, read and written in one step, so that no change is lost.
 *
 * @param change returns the new text for the old one (`undefined` if there is no file), or `undefined` to leave the
 *   file as it is
 * @throws Error with the reason if the file cannot be locked, read or written; what `change` throws
 */
export async function changeFile(
  file: string,
  change: (text: string | undefined) => string | undefined | Promise<string | undefined>,
  options: ChangeOptions = {},
): Promise<void> {
  const { mode } = options;
  await withFileLock(
    file,
    async () => {
      const before = (await readPresent(file))?.toString();
      const after = await change(before);
      if (after === undefined || after === before) return;
      await writeWholeFile(file, after, { isLocked: true, mode });
    },
    options,
  );
}

/**
 * Replaces the text of a file, which was made from the text that was read before. It keeps its coding.
 *
 * @throws Error with the reason, for example that the file holds another text by now
 */
export async function replaceText(file: string, before: string, after: string): Promise<void> {
  await withFileLock(file, async () => {
    const bytes = await readPresent(file);
    const now = bytes && markedFileText(bytes);
    // Another process may have written the same text.
    if (now === after) return;
    if (bytes === undefined || now !== before) throw new Error("it has changed meanwhile; run the command again");
    await writeWholeFile(file, rewrittenFile(bytes, after), { isLocked: true });
  });
}

async function readPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
