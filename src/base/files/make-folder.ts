import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Makes a folder for its owner alone, and those above it that are missing. Node's `recursive` never ends where the
 * system denies a folder that is there, as it does below `/proc`.
 *
 * @throws Error of the file system
 */
export function makeFolder(folder: string): void {
  const failure = tryToMake(folder);
  if (failure === undefined) return;
  const parent = path.dirname(folder);
  if (failure.code !== "ENOENT" || parent === folder || isFolder(parent)) throw failure;
  makeFolder(parent);
  const again = tryToMake(folder);
  if (again !== undefined) throw again;
}

/** Makes one folder. Returns the error of the system, or `undefined` if the folder is there afterwards. */
function tryToMake(folder: string): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return undefined;
  } catch (error) {
    // For an existing folder, systems and file systems report different codes.
    return isFolder(folder) ? undefined : (error as NodeJS.ErrnoException);
  }
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
