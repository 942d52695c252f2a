import { statSync } from "node:fs";
import path from "node:path";
import { CapabilityError } from "../../../base/capability-error.ts";
import { capabilityFolders } from "../../../engine/capability-folders.ts";
import { capabilitiesBelow } from "../../../language/document/capabilities-below.ts";
import { bareName, locate } from "../../../language/document/locate.ts";
import { CONFIG_FILE } from "../../../language/overlays/find-config.ts";
import type { CommandContext } from "../command-context.ts";
import { usageError } from "../usage-error.ts";

/** The files that a command line names, by the names that they are served under. */
export interface ServedFiles {
  /** Absolute paths. Nothing has been read of them. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of those that are named by themselves, and not by a folder. */
  readonly named: ReadonlySet<string>;
  /** Absolute folders that were named: files come and go in them. */
  readonly folders: readonly string[];
}

/**
 * Finds the files of names, paths and folders. It lists folders, and opens no file.
 *
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`; `USAGE` for two files of one name
 */
export async function findServedFiles(
  written: readonly string[],
  dirs: readonly string[],
  { cwd, env }: Pick<CommandContext, "cwd" | "env">,
): Promise<ServedFiles> {
  const files = new Map<string, string>();
  const named = new Set<string>();
  const folders: string[] = [];
  for (const text of written) {
    const folder = folderOf(text, cwd);
    if (folder !== undefined) {
      folders.push(folder);
      for (const file of filesOf(folder)) add(files, file);
      continue;
    }
    const file = await locate(text, { ...capabilityFolders(dirs, env, cwd), cwd });
    add(files, file);
    named.add(bareName(file));
  }
  if (files.size === 0) throw nothingIn(folders);
  return { files, named, folders };
}

/**
 * Lists the capability files of a folder.
 *
 * @param onFolder called with each folder that is listed
 */
export function filesOf(folder: string, onFolder: (folder: string) => void = () => {}): string[] {
  const found = capabilitiesBelow(folder, inner => onFolder(path.join(folder, inner)));
  const files = found.filter(file => path.basename(file) !== CONFIG_FILE);
  return files.map(file => path.join(folder, file));
}

function add(files: Map<string, string>, file: string): void {
  const name = bareName(file);
  const other = files.get(name);
  if (other !== undefined && other !== file)
    throw usageError(`Cannot serve two capabilities of one name: ${JSON.stringify(name)} is ${other} and ${file}`);
  files.set(name, file);
}

/**
 * Finds what names, paths and folders mean: files and folders by their absolute paths. It opens none.
 *
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`
 */
export async function findRoots(
  written: readonly string[],
  dirs: readonly string[],
  { cwd, env }: Pick<CommandContext, "cwd" | "env">,
): Promise<string[]> {
  const roots = new Set<string>();
  for (const text of written)
    roots.add(folderOf(text, cwd) ?? (await locate(text, { ...capabilityFolders(dirs, env, cwd), cwd })));
  return [...roots];
}

/**
 * Lists files, and those of folders, each once, in their order.
 *
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`
 */
export function filesOfRoots(roots: readonly string[]): string[] {
  const files = new Set<string>();
  for (const root of roots) {
    const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory() === true;
    for (const file of isFolder ? filesOf(root) : [root]) files.add(file);
  }
  if (files.size === 0) throw nothingIn(roots);
  return [...files];
}

/** Returns the absolute path of a folder. A name is looked up before it is taken for one of the working folder's. */
function folderOf(written: string, cwd: string): string | undefined {
  if (written === "" || written.includes("\0")) return undefined;
  const absolute = path.resolve(cwd, written);
  return statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true ? absolute : undefined;
}

function nothingIn(folders: readonly string[]): CapabilityError {
  // The parser of command lines drops "-", which mostly means standard input.
  if (folders.length === 0)
    return usageError('No capability is named: "-" is none, since files are not read from there');
  return new CapabilityError("CAPABILITY_NOT_FOUND", {
    message: `Cannot serve anything: there are no capability files in ${folders.join(", ")}`,
    details: { name: folders.join(", "), searched: folders, suggestions: [] },
  });
}
