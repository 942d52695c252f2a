import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../base/environment.ts";
import { findCapability, isPath } from "../language/document/locate.ts";

const WORKING_CAPABILITIES = "capabilities";

/** Finds the folder of the capability files that come with the package, from the file that runs. */
function packageCapabilities(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json")) && folder !== path.dirname(folder)) {
    folder = path.dirname(folder);
  }
  return path.join(folder, "capabilities");
}

/**
 * Lists the folders in which a capability's name is looked up: the given ones, those of `NAFTIKO_PATH` (separated as in `PATH`),
 * `./capabilities`, and the package's own.
 */
export function capabilityFolders(dirs: readonly string[], env: Environment): string[] {
  const fromEnvironment = (env["NAFTIKO_PATH"] ?? "").split(path.delimiter).filter(dir => dir !== "");
  return [...dirs, ...fromEnvironment, WORKING_CAPABILITIES, packageCapabilities()];
}

/**
 * Gives a note if a name that was found in `./capabilities` hides a capability of the package: the author of the working
 * folder answers for the file then.
 *
 * @param written what the caller has written
 * @param file what was found for it
 * @returns `undefined` if nothing is hidden, or by a folder that the caller has named
 */
export function hiddenCapabilityNote(written: string, file: string, cwd: string): string | undefined {
  if (isPath(written) || path.dirname(file) !== path.resolve(cwd, WORKING_CAPABILITIES)) return undefined;
  const hidden = findCapability(written, { dirs: [packageCapabilities()], cwd });
  if (hidden === undefined || realpathSync(hidden) === realpathSync(file)) return undefined;
  return `note: ${written} is ${file}, which hides ${hidden} of the package`;
}
