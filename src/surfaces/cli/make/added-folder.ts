import path from "node:path";
import { isWithin, withoutLinks } from "../../../base/path-within.ts";
import { workingCapabilities } from "../../../engine/capability-folders.ts";
import { usageError } from "../usage-error.ts";
import { LOCK_FILE } from "./lock-file.ts";

/** Where added files are. All paths are absolute. */
export interface AddedFolder {
  readonly capabilities: string;
  /** Folder of the lock, which holds the capabilities at any depth. */
  readonly root: string;
  readonly lock: string;
}

/**
 * Returns where files are added: to `capabilities` of the working folder or above it, with the lock beside it; or to a
 * folder below the working one, which then has the lock.
 *
 * @throws CapabilityError `USAGE` for a folder elsewhere
 */
export function addedFolder(dir: string | undefined, cwd: string): AddedFolder {
  const capabilities = dir === undefined ? workingCapabilities(cwd).folder : path.resolve(cwd, dir);
  const root = dir === undefined ? path.dirname(capabilities) : cwd;
  const place = { capabilities, root, lock: path.join(root, LOCK_FILE) };
  if (!isWithin(withoutLinks(capabilities), withoutLinks(root)))
    throw usageError(`Cannot add to ${capabilities}: it is not below ${root}, where ${place.lock} is`);
  return place;
}

/** Returns the path of a file as the lock has it. */
export function lockedPath(file: string, { root }: AddedFolder): string {
  return path.relative(root, file).split(path.sep).join("/");
}
