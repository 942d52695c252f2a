import { lstatSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../../base/environment.ts";
import { configInvalid } from "./config-error.ts";
import { ownerProblem } from "./owner-problem.ts";

export const CONFIG_FILE = "naftiko.config.yaml";

interface ConfigSurroundings {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Finds the configuration: the nearest `naftiko.config.yaml` from the working folder upwards, else the one in the user's
 * configuration folder. Synchronous, and one look at each folder: most runs find none.
 *
 * @returns its absolute path
 * @throws CapabilityError `CONFIG_INVALID` for one that is not the user's own
 */
export function findConfig({ cwd, env }: ConfigSurroundings): string | undefined {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = path.join(folder, CONFIG_FILE);
    if (isOwnFile(file)) return file;
    if (folder === path.dirname(folder)) break;
  }
  return findUserConfig(env);
}

/**
 * Finds the configuration in the user's configuration folder.
 *
 * @returns its absolute path
 * @throws CapabilityError `CONFIG_INVALID` for one that is not the user's own
 */
export function findUserConfig(env: Environment): string | undefined {
  const folder = userFolder(env);
  const file = folder === undefined ? undefined : path.join(folder, "naftiko", CONFIG_FILE);
  return file !== undefined && isOwnFile(file) ? file : undefined;
}

/**
 * Tells whether a configuration file is there and is the user's own or root's; a symbolic link to it must be, too. A
 * configuration says where credentials are sent, and in a folder that others may write to, such as `/tmp` or a shared
 * checkout, a stranger could leave one.
 *
 * @throws CapabilityError `CONFIG_INVALID` for a file of another user
 */
function isOwnFile(file: string): boolean {
  const stats = statFile(file);
  if (stats === undefined) return false;
  requireOwn(file, stats);
  const link = lstatSync(file);
  // The mode of a link allows everything and means nothing.
  if (link.isSymbolicLink()) requireOwn(file, { uid: link.uid, mode: 0 });
  return true;
}

/**
 * Requires that a file is the user's own or root's.
 *
 * @throws CapabilityError `CONFIG_INVALID` for a file of another user
 */
export function requireOwn(file: string, stats: Pick<Stats, "uid" | "mode">): void {
  const problem = ownerProblem(stats);
  if (problem === undefined) return;
  throw configInvalid(`Cannot use ${file}: ${problem}`, [{ action: "nameConfig", file }]);
}

/** Returns the status of a file, or `undefined` if it is not there. */
export function statFile(file: string): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the folder of a user's configuration (XDG Base Directory Specification; on Windows, roaming application
 * data).
 */
function userFolder(env: ConfigSurroundings["env"]): string | undefined {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData, HOME: home } = env;
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  if (process.platform === "win32") return appData || undefined;
  return home ? path.join(home, ".config") : undefined;
}
