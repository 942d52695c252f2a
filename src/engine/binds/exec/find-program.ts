import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Extensions of files that can be started without a shell. */
const WINDOWS_EXTENSIONS = [".com", ".exe"] as const;

/**
 * Finds the file of a program. A name is only looked for in the absolute folders of `PATH`, not in the folder that the
 * program runs in: systems look there too if `PATH` has an empty or relative entry, and Windows always does. A path is
 * relative to that folder.
 *
 * @param folder the folder in which the program will run
 * @returns an absolute path, or `undefined` if there is no such program
 */
export function findProgram(name: string, env: Environment, folder: string): string | undefined {
  const isPath = name.includes("/") || name.includes(path.sep);
  const starts = isPath ? [folder] : searchPath(env).filter(entry => path.isAbsolute(entry));
  for (const start of starts) {
    for (const candidate of candidates(path.resolve(start, name))) if (isProgram(candidate)) return candidate;
  }
  return undefined;
}

function searchPath(env: Environment): string[] {
  // Windows spells it Path.
  const name = Object.keys(env).find(key => key === "PATH" || (isWindows() && key.toUpperCase() === "PATH"));
  return (name === undefined ? "" : (env[name] ?? "")).split(path.delimiter);
}

function candidates(file: string): string[] {
  if (!isWindows()) return [file];
  const hasExtension = WINDOWS_EXTENSIONS.some(extension => file.toLowerCase().endsWith(extension));
  return hasExtension ? [file] : WINDOWS_EXTENSIONS.map(extension => file + extension);
}

function isProgram(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isWindows(): boolean {
  return process.platform === "win32";
}
