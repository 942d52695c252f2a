import { isCapabilityError } from "../../../base/capability-error.ts";
import type { CatalogueFile } from "../../../catalogue/catalogue-file.ts";
import { countUnread, findKnown, isRead, listKnown } from "../../../catalogue/look-up.ts";
import { findCapability as findFile } from "../../../language/document/locate.ts";
import { catalogueOptions, openCatalogue } from "../open-catalogue.ts";
import type { Candidate, Surroundings } from "./completion.ts";
import type { KnownUnit } from "./known-units.ts";

/** Folders that a command line names. */
export interface NamedFolders {
  /** Values of `--dir`. */
  readonly dirs: readonly string[];
  /** Values of `--allow-import`. */
  readonly importRoots: readonly string[];
}

export type KnownCapability = Pick<CatalogueFile, "adapters" | "operations">;

/** Most files that are read for the index while somebody waits. Where more are new, it is left to other commands. */
const MOST_READ = 200;

/** Returns the names of the capabilities that can be called, in their order. */
export async function capabilityNames(named: NamedFolders, surroundings: Surroundings): Promise<Candidate[]> {
  const known = listKnown(catalogueOptions(named, surroundings));
  const unread = known.filter(file => !isRead(file)).length;
  const files = unread > 0 && unread <= MOST_READ ? (await openCatalogue(named, surroundings)).files : known;
  return files.map(file => ({ text: file.name, description: isRead(file) ? file.label || file.description : "" }));
}

/** Finds the capability that a command line names, by name or path. */
export async function findCapability(
  written: string,
  named: NamedFolders,
  surroundings: Surroundings,
): Promise<KnownCapability | undefined> {
  const options = catalogueOptions(named, surroundings);
  const file = locate(written, { ...options.folders, cwd: surroundings.cwd });
  if (file === undefined) return undefined;
  const known = findKnown(file, options);
  if (known !== undefined) return known;
  if (countUnread(options) <= MOST_READ) {
    const { files } = await openCatalogue(named, surroundings);
    const read = files.find(candidate => candidate.file === file);
    if (read !== undefined) return read;
  }
  const { readFile } = await import("../../../catalogue/read-file.ts");
  return readFile(file, { importRoots: options.importRoots, isDeep: false });
}

/** Finds what the capability that a command line names exposes, besides its operations as they are. */
export async function findUnits(
  written: string,
  named: NamedFolders,
  surroundings: Surroundings,
): Promise<readonly KnownUnit[]> {
  const { folders, importRoots } = catalogueOptions(named, surroundings);
  const file = locate(written, { ...folders, cwd: surroundings.cwd });
  if (file === undefined) return [];
  const { knownUnits } = await import("./known-units.ts");
  return knownUnits(file, importRoots, surroundings);
}

/** Returns the path of a capability. A name that several files have is none. */
function locate(...given: Parameters<typeof findFile>): string | undefined {
  try {
    return findFile(...given);
  } catch (error) {
    if (isCapabilityError(error, "CAPABILITY_NOT_FOUND")) return undefined;
    throw error;
  }
}
