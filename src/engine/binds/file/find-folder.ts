import { realpath } from "node:fs/promises";
import path from "node:path";
import { isWithin, withoutLinks } from "../../../base/path-within.ts";
import { RemediedError, type Remedy } from "../../../base/remedy.ts";
import { parseFileLocation } from "./find-file.ts";

/** Where folders that a capability file names may be. */
export interface FolderPlaces {
  readonly cwd: string;
  /** Folders that the caller allows. */
  readonly roots: readonly string[];
  /** Option that has {@link roots}. */
  readonly option: Extract<Remedy, { readonly value: readonly string[] }>["option"];
}

/**
 * Finds the folder of a location on this machine. Returns an absolute path, in which symbolic links may stand.
 *
 * A capability file is untrusted: it names folders beside itself, below the working folder and where it is allowed.
 *
 * @param written a `file:` URL; a relative one begins at the folder of the file that declares it
 * @param directory that folder. `undefined`: it is no file
 * @throws Error with the missing folder; RemediedError with the option that would allow it
 */
export async function findFolder(
  written: string,
  directory: string | undefined,
  { cwd, roots: allowed, option }: FolderPlaces,
): Promise<string> {
  const location = parseFileLocation(written);
  if (location === undefined || !/^file:/i.test(written))
    throw new Error(`"${written}" is not the file: URL of a folder`);
  const beside = directory === undefined ? [] : [directory];
  // The root of the file system as the working folder would allow every folder.
  const working = path.dirname(cwd) === cwd ? [] : [cwd];
  const roots = [...new Set([...beside, ...working, ...allowed])].map(root => path.resolve(root));
  const starts = location.kind === "absolute" ? ["/"] : [...beside, cwd];
  const candidates = [...new Set(starts.map(start => path.resolve(start, location.path)))];
  let refused: string | undefined;
  const missing: string[] = [];
  for (const candidate of candidates) {
    const realRoots = roots.map(withoutLinks);
    // Before the file system is asked, so that the message does not tell whether a folder outside exists.
    if (![...roots, ...realRoots].some(root => isWithin(candidate, root))) {
      refused ??= candidate;
      continue;
    }
    const real = await realpath(candidate).catch(() => undefined);
    if (real === undefined) {
      missing.push(candidate);
      continue;
    }
    if (realRoots.some(root => isWithin(real, root))) return candidate;
    refused ??= real;
  }
  if (missing.length > 0 || refused === undefined) throw new Error(`there is no folder ${missing.join(", nor ")}`);
  const problem = `${refused} is outside ${roots.join(", ") || "any folder that is allowed"}`;
  throw new RemediedError(problem, { option, value: [refused] });
}
