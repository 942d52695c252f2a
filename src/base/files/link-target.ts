import { readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** Most links that systems follow. */
const MOST_LINKS = 40;

/**
 * Returns the path that a file has or will have, without symbolic links. A link stays a link, and the file it leads to
 * is written. A link to a missing file leads to where that file will be.
 *
 * @throws Error of the system if a link leads in a circle or may not be followed
 */
export async function linkTarget(file: string): Promise<string> {
  let target = path.resolve(file);
  for (let links = 0; links <= MOST_LINKS; links++) {
    try {
      return await realpath(target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const folder = await realpath(path.dirname(target)).catch(() => path.dirname(target));
    const there = path.join(folder, path.basename(target));
    const next = await readlink(there).catch(() => undefined);
    if (next === undefined) return there;
    target = path.resolve(folder, next);
  }
  throw new Error(`${file} leads through too many links`);
}
