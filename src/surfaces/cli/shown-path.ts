import path from "node:path";
import { isWithin } from "../../base/path-within.ts";

/** Returns an absolute path as the user would write it: from the working folder, if it is below that. */
export function shownPath(file: string, cwd: string): string {
  return isWithin(file, cwd) ? path.relative(cwd, file) : file;
}
