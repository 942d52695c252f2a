import { lstatSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../base/environment.ts";
import { quoteArgument } from "../base/quote-argument.ts";
import { findCapability, isPath, type SearchedFolders } from "../language/document/locate.ts";
import { ownerProblem } from "../language/overlays/owner-problem.ts";
import { packageFolder } from "./package-folder.ts";

const WORKING_CAPABILITIES = "capabilities";

/** Returns the folder of the capability files that come with the package. */
function packageCapabilities(): string | undefined {
  const folder = packageFolder();
  return folder && path.join(folder, "capabilities");
}

/**
 * Lists the folders in which a capability's name is looked up: the given ones with everything below them, those of
 * `NAFTIKO_PATH` (separated as in `PATH`), `capabilities` of the working folder or of the nearest one above it, and the
 * package's own.
 */
export function capabilityFolders(dirs: readonly string[], env: Environment, cwd: string): SearchedFolders {
  const fromEnvironment = (env["NAFTIKO_PATH"] ?? "").split(path.delimiter).filter(dir => dir !== "");
  const { folder, left } = workingCapabilities(cwd);
  const ofPackage = packageCapabilities();
  return { deep: dirs, dirs: [...fromEnvironment, folder, ...(ofPackage === undefined ? [] : [ofPackage])], left };
}

/**
 * Finds `capabilities` of the working folder, or of the nearest one above it. A folder above must be the user's own or
 * root's, as a configuration must: in one that others may write to, such as `/tmp`, a stranger could leave one.
 *
 * @returns the folder of the working one where there is none; with `left`, a sentence about one that is not searched
 */
export function workingCapabilities(cwd: string): { readonly folder: string; readonly left?: string } {
  const own = path.resolve(cwd, WORKING_CAPABILITIES);
  for (let parent = path.resolve(cwd); ; parent = path.dirname(parent)) {
    const folder = path.join(parent, WORKING_CAPABILITIES);
    if (isFolder(folder)) {
      const problem = folder === own ? undefined : folderProblem(folder);
      return problem === undefined
        ? { folder }
        : {
            folder: own,
            left: `${folder} is not searched: ${problem}; --dir ${quoteArgument(folder)} names it all the same`,
          };
    }
    if (parent === path.dirname(parent)) return { folder: own };
  }
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

/** Tells why a folder may come from another user. A symbolic link to it counts too; its mode means nothing. */
function folderProblem(folder: string): string | undefined {
  const link = lstatSync(folder);
  const ofLink = link.isSymbolicLink() ? ownerProblem({ uid: link.uid, mode: 0 }) : undefined;
  return ofLink ?? ownerProblem(statSync(folder));
}

/**
 * Gives a note if a name that was found in `capabilities` of the working folder, or of one above it, hides a capability of
 * the package: the author of that folder answers for the file then.
 *
 * @param written what the caller has written
 * @param file what was found for it
 * @returns `undefined` if nothing is hidden, or by a folder that the caller has named
 */
export function hiddenCapabilityNote(written: string, file: string, cwd: string): string | undefined {
  if (isPath(written) || path.dirname(file) !== workingCapabilities(cwd).folder) return undefined;
  const ofPackage = packageCapabilities();
  if (ofPackage === undefined) return undefined;
  const hidden = findCapability(written, { dirs: [ofPackage], cwd });
  if (hidden === undefined || realpathSync(hidden) === realpathSync(file)) return undefined;
  return `note: ${written} is ${file}, which hides ${hidden} of the package`;
}
