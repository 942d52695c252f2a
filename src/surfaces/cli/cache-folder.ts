import { homedir } from "node:os";
import path from "node:path";
import type { Environment } from "../../base/environment.ts";

/** Returns the folder for data that programs can do without (XDG Base Directory Specification). */
export function cacheFolder(env: Environment): string {
  const { XDG_CACHE_HOME: cache, LOCALAPPDATA: local, HOME: home } = env;
  if (cache !== undefined && path.isAbsolute(cache)) return cache;
  if (process.platform === "win32" && local !== undefined) return local;
  return path.join(home || homedir(), ".cache");
}
