import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";

interface LocateOptions {
  /** Folders searched for a name, in this order. */
  readonly dirs: readonly string[];
  /** Working folder that relative paths start from. */
  readonly cwd: string;
}

const EXTENSIONS = [".yaml", ".yml"] as const;

/**
 * Finds the file of a capability. A text with a path separator or a YAML extension is a path; anything else is a name,
 * looked up as `<dir>/<name>.yaml` and `.yml`. Only these paths are tried, so the cost does not grow with a folder.
 *
 * @returns the absolute path
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` with the paths tried and the nearest names
 */
export async function locate(reference: string, options: LocateOptions): Promise<string> {
  const found = findCapability(reference, options);
  if (found !== undefined) return found;
  const candidates = candidatePaths(reference, options);
  const folders = isPath(reference)
    ? [path.dirname(path.resolve(options.cwd, reference))]
    : [...new Set(options.dirs.map(dir => path.resolve(options.cwd, dir)))];
  const suggestions = suggest(bareName(reference), capabilityNames(folders));
  throw new CapabilityError("CAPABILITY_NOT_FOUND", {
    message: `Cannot find capability ${JSON.stringify(reference)}${didYouMean(suggestions)}${
      suggestions.length === 0 ? ": looked in" : " Looked in"
    } ${(isPath(reference) ? candidates : folders).join(", ")}`,
    details: { name: reference, searched: candidates, suggestions },
  });
}

/** Returns the absolute path of a capability's file, as {@link locate}, or `undefined` if there is none. */
export function findCapability(reference: string, options: LocateOptions): string | undefined {
  // Synchronous: a few microseconds, where the thread pool's round trip costs a hundred.
  return candidatePaths(reference, options).find(isFile);
}

/** Returns the name of a capability file: its base name without `.yaml` or `.yml`. */
export function bareName(file: string): string {
  const base = path.basename(file);
  const extension = EXTENSIONS.find(candidate => base.endsWith(candidate));
  return extension === undefined ? base : base.slice(0, -extension.length);
}

/** Tells whether a file name has a capability file's extension. */
export function isCapabilityFile(file: string): boolean {
  return EXTENSIONS.some(extension => file.endsWith(extension));
}

/** Tells whether a text is the path of a file. Other texts are names. */
export function isPath(reference: string): boolean {
  return reference.includes("/") || reference.includes(path.sep) || isCapabilityFile(reference);
}

function candidatePaths(reference: string, { dirs, cwd }: LocateOptions): string[] {
  // A NUL cannot be part of any path; the file system would answer with a TypeError instead of "not found".
  if (reference === "" || reference.includes("\0")) return [];
  const names = isCapabilityFile(reference) ? [reference] : EXTENSIONS.map(extension => reference + extension);
  if (isPath(reference)) return [...new Set([reference, ...names])].map(name => path.resolve(cwd, name));
  return dirs.flatMap(dir => names.map(name => path.resolve(cwd, dir, name)));
}

function isFile(candidate: string): boolean {
  try {
    return statSync(candidate).isFile();
  } catch {
    return false;
  }
}

function capabilityNames(folders: readonly string[]): string[] {
  const names: string[] = [];
  for (const folder of new Set(folders)) {
    try {
      const entries = readdirSync(folder);
      names.push(...entries.filter(isCapabilityFile).map(bareName));
    } catch {
      // A folder that cannot be listed has no names to suggest.
    }
  }
  return names;
}
