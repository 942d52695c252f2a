import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { capabilitiesBelow } from "./capabilities-below.ts";

/** Where a name is looked up. */
export interface SearchedFolders {
  /** Folders that are searched first, in this order, with everything below them. */
  readonly deep?: readonly string[];
  /** Folders that are searched after them, in this order. */
  readonly dirs: readonly string[];
  /** A sentence about a folder that is not searched. */
  readonly left?: string | undefined;
}

interface LocateOptions extends SearchedFolders {
  /** Working folder that relative paths start from. */
  readonly cwd: string;
}

const EXTENSIONS = [".yaml", ".yml"] as const;

/**
 * Finds the file of a capability. A text with a path separator or a YAML extension is a path, else one within a folder;
 * anything else is a name, looked up as `<dir>/<name>.yaml` and `.yml`. No other file is opened, and where the name is in
 * the folder itself, the cost does not grow with the folder.
 *
 * @returns the absolute path
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` with the paths tried and the nearest names, also for a name that
 *   several files below one folder have
 */
export async function locate(reference: string, options: LocateOptions): Promise<string> {
  const found = findCapability(reference, options);
  if (found !== undefined) return found;
  const { deep = [], dirs, cwd, left } = options;
  const candidates = candidatePaths(reference, options);
  const resolved = (folders: readonly string[]) => [...new Set(folders.map(dir => path.resolve(cwd, dir)))];
  const all = resolved([...deep, ...dirs]);
  const folders = isPath(reference) ? [path.dirname(path.resolve(cwd, reference))] : all;
  const within = isWithin(reference) ? [cwd, ...all] : candidates;
  const shown = isPath(reference) ? within : folders;
  const below = isPath(reference) ? [] : resolved(deep).flatMap(dir => capabilitiesBelow(dir).map(bareName));
  const suggestions = suggest(bareName(reference), [...below, ...capabilityNames(folders)]);
  throw new CapabilityError("CAPABILITY_NOT_FOUND", {
    message: `Cannot find capability ${JSON.stringify(reference)}${didYouMean(suggestions)}${
      suggestions.length === 0 ? ": looked in" : " Looked in"
    } ${shown.join(", ")}${left === undefined ? "" : `. ${left}`}`,
    details: { name: reference, searched: candidates, suggestions },
  });
}

/**
 * Returns the absolute path of a capability's file, as {@link locate}, or `undefined` if there is none.
 *
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` for a name that several files below one folder have
 */
export function findCapability(reference: string, options: LocateOptions): string | undefined {
  const { deep = [], dirs, cwd } = options;
  if (isPath(reference)) return candidatePaths(reference, options).find(isFile);
  for (const dir of deep) {
    const folder = path.resolve(cwd, dir);
    const found = candidatePaths(reference, { dirs: [folder], cwd }).find(isFile) ?? findBelow(reference, folder);
    if (found !== undefined) return found;
  }
  // Synchronous: a few microseconds, where the thread pool's round trip costs a hundred.
  return candidatePaths(reference, { dirs, cwd }).find(isFile);
}

function findBelow(name: string, folder: string): string | undefined {
  const named = name === "" ? [] : capabilitiesBelow(folder).filter(file => bareName(file) === name);
  const [only, ...others] = named;
  if (only === undefined) return undefined;
  const suggestions = [...new Set(named.map(nameWithin))];
  if (others.length === 0 || suggestions.length === 1) return path.join(folder, only);
  const [first = "", ...more] = suggestions.map(suggestion => JSON.stringify(suggestion));
  throw new CapabilityError("CAPABILITY_NOT_FOUND", {
    message: `Cannot tell which capability ${JSON.stringify(name)} is meant: write ${[first, ...more.slice(0, 7)].join(" or ")} (${named.length} files below ${folder})`,
    details: { name, searched: named.map(file => path.join(folder, file)), suggestions },
  });
}

/** Returns the name by which a file in a searched folder can be written: its path in it, without its extension. */
export function nameWithin(file: string): string {
  return path.join(path.dirname(file), bareName(file)).split(path.sep).join("/");
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

/** Tells whether a name or path is looked up in folders. */
export function isSearched(reference: string): boolean {
  return !isPath(reference) || isWithin(reference);
}

function candidatePaths(reference: string, { deep = [], dirs, cwd }: LocateOptions): string[] {
  // A NUL cannot be part of any path; the file system would answer with a TypeError instead of "not found".
  if (reference === "" || reference.includes("\0")) return [];
  const names = isCapabilityFile(reference) ? [reference] : EXTENSIONS.map(extension => reference + extension);
  if (isPath(reference)) {
    const written = [...new Set([reference, ...names])];
    const folders = isWithin(reference) ? [...deep, ...dirs] : [];
    return [cwd, ...folders].flatMap(dir => written.map(name => path.resolve(cwd, dir, name)));
  }
  return [...deep, ...dirs].flatMap(dir => names.map(name => path.resolve(cwd, dir, name)));
}

/** Tells whether a path may be one within a folder: `team/books`, and not `./team/books`, `../books` or `books.yaml`. */
function isWithin(reference: string): boolean {
  return (
    reference.includes("/") &&
    !path.isAbsolute(reference) &&
    !reference.split(/[/\\]/).some(part => /^\.{0,2}$/.test(part))
  );
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
