import { type Stats, statSync } from "node:fs";
import path from "node:path";
import { configInvalid } from "./config-error.ts";

export const CONFIG_FILE = "naftiko.config.yaml";

export interface ConfigSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds the configuration: the nearest `naftiko.config.yaml` from the working folder upwards, else the one in the user's
 * configuration folder. Synchronous, and one look at each folder: most runs find none.
 *
 * @returns its absolute path
 * @throws CapabilityError `CONFIG_INVALID` for one that somebody else has put above the working folder
 */
export function findConfig({ cwd, env }: ConfigSurroundings): string | undefined {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = path.join(folder, CONFIG_FILE);
    const stats = statFile(file);
    if (stats !== undefined) {
      requireTrusted(file, stats, cwd);
      return file;
    }
    if (folder === path.dirname(folder)) break;
  }
  const folder = userFolder(env);
  const file = folder === undefined ? undefined : path.join(folder, "naftiko", CONFIG_FILE);
  return file !== undefined && statFile(file) !== undefined ? file : undefined;
}

/** What the file system says of a file; nothing where there is none. */
export function statFile(file: string): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** The folder of a user's configuration (XDG Base Directory Specification; on Windows, roaming application data). */
function userFolder(env: ConfigSurroundings["env"]): string | undefined {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData, HOME: home } = env;
  if (xdg !== undefined && path.isAbsolute(xdg)) return xdg;
  if (process.platform === "win32") return appData || undefined;
  return home ? path.join(home, ".config") : undefined;
}

/**
 * A configuration says where credentials are sent. In a folder that others may write to, such as `/tmp`, a stranger could
 * leave one for whoever works below: it has to belong to the user, to root, or to the owner of the working folder.
 */
function requireTrusted(file: string, { uid }: Stats, cwd: string): void {
  const user = process.getuid?.();
  if (user === undefined || uid === user || uid === 0 || uid === statSync(cwd).uid) return;
  throw configInvalid(
    `Cannot use ${file}: it belongs to another user (${uid}); name it with --config to use it all the same`,
  );
}
