import { readFile } from "node:fs/promises";
import { type LockOptions, withFileLock } from "./file-lock.ts";
import { writeWholeFile } from "./whole-file.ts";

/** How a shared file is changed. */
interface ChangeOptions extends LockOptions {
  /**
   * Who may read it.
   *
   * @default as before, or as any new file
   */
  readonly mode?: number;
}

/**
 * Changes a file that several processes share: it is locked, read, and written in one step, so that no change is lost.
 *
 * @param change makes the new text of the old one, which is `undefined` where there is no file; `undefined` to leave it
 * @throws Error with the reason where the file cannot be locked, read or written; what `change` throws
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
      const before = await readPresent(file);
      const after = await change(before);
      if (after === undefined || after === before) return;
      await writeWholeFile(file, after, { isLocked: true, ...(mode === undefined ? {} : { mode }) });
    },
    options,
  );
}

async function readPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
