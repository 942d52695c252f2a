import { existsSync } from "node:fs";
import path from "node:path";

/** A file of the package that no program has. */
const OF_PACKAGE = path.join("schema", "naftiko.schema.json");

/**
 * Finds the folder of the package, from the file that runs. Returns `undefined` in a program that was bundled: the package
 * is not there, and modules of CommonJS do not know where they are.
 */
export function packageFolder(): string | undefined {
  let folder: string | undefined = import.meta.dirname;
  while (folder !== undefined && !existsSync(path.join(folder, OF_PACKAGE))) {
    folder = folder === path.dirname(folder) ? undefined : path.dirname(folder);
  }
  return folder;
}
