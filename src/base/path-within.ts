import { realpathSync } from "node:fs";
import path from "node:path";

/** Tells whether a path is a folder's or below it. Both are absolute; symbolic links are not followed. */
export function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Returns a path without symbolic links, or as it is if nothing is there. */
export function withoutLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
