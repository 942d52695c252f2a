import path from "node:path";
import type { OpenOptions } from "../../engine/open-options.ts";

/** Returns the options with the folders that a command line names by their absolute paths. */
export function withFolders(open: OpenOptions, cwd: string): OpenOptions {
  const resolve = (folders: readonly string[] = []) => folders.map(folder => path.resolve(cwd, folder));
  return { ...open, importRoots: resolve(open.importRoots), bindFileRoots: resolve(open.bindFileRoots) };
}
