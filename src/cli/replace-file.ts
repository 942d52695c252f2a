import { access, constants, open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

/**
 * Writes over a file in one step: a reader, and a crash in between, find the old text or the new one. Mode and owner stay;
 * where the path is a symbolic link, the file that it leads to is written.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  // Renaming would replace a file that its owner protects from being written.
  await access(target, constants.W_OK);
  const { mode, uid, gid } = await stat(target);
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  const handle = await open(temporary, "wx", mode);
  try {
    try {
      await handle.chmod(mode);
      if (uid !== process.getuid?.() || gid !== process.getgid?.())
        await handle.chown(uid, gid).catch(() => {});
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
