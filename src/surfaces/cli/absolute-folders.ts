import path from "node:path";

/** Returns the folders that a command line names by their absolute paths. */
export function absoluteFolders(folders: readonly string[] = [], cwd: string): string[] {
  return folders.map(folder => path.resolve(cwd, folder));
}
