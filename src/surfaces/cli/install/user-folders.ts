import { homedir } from "node:os";
import process from "node:process";
import type { Environment } from "../../../base/environment.ts";
import type { UserFolders } from "./client.ts";

/** Returns where programs of this user keep their settings. */
export function userFolders(env: Environment): UserFolders {
  const profile = process.platform === "win32" ? env["USERPROFILE"] : env["HOME"];
  return { platform: process.platform, home: profile || homedir(), env };
}
