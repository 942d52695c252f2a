import { capabilityFiles, type NamedFile } from "./capability-files.ts";
import { type CatalogueOptions, indexedEntries, openIndex, withEntries } from "./catalogue.ts";
import type { CatalogueFile } from "./catalogue-file.ts";
import { SegmentEntry } from "./segment.ts";
import { changedPlaces, isUnchanged } from "./stamp.ts";

// Look-ups in an index that read no files, and so cost little where it is missing or thousands of files are new.

/**
 * Lists the capabilities of folders as their index has them, and the files of which nothing but the name is known. Files
 * are not looked at: the description of one that has changed since is the old one.
 */
export function listKnown(options: CatalogueOptions): readonly (CatalogueFile | NamedFile)[] {
  return currentFiles(options).filter(file => !(file instanceof SegmentEntry && file.isForeign));
}

/** Tells whether more is known of a file than its name. */
export function isRead(file: CatalogueFile | NamedFile): file is CatalogueFile {
  return "operations" in file;
}

/** Counts the files that would be read with the catalogue: those that are new, and those that have changed. */
export function countUnread(options: CatalogueOptions): number {
  const files = currentFiles(options);
  const entries = files.filter(file => file instanceof SegmentEntry);
  const kept = Float64Array.from(entries.flatMap(entry => entry.kept));
  const changed = changedPlaces(
    entries.map(({ file }) => file),
    kept,
  );
  return files.length - entries.length + changed.length;
}

/**
 * Finds a file in the index of folders, by its absolute path.
 *
 * @returns `undefined` if it is not there, or has changed since
 */
export function findKnown(file: string, options: CatalogueOptions): CatalogueFile | undefined {
  const { first, second } = openIndex(options);
  for (const segment of [second, first]) {
    const row = segment?.column("files").indexOf(file) ?? -1;
    if (segment === undefined || row < 0) continue;
    const entry = new SegmentEntry(segment, row, "");
    if ([entry, ...entry.imports].every(known => isUnchanged(known.file, known.kept))) return entry;
  }
  return undefined;
}

function currentFiles(options: CatalogueOptions): readonly (SegmentEntry | NamedFile)[] {
  const index = openIndex(options);
  const entries = indexedEntries(index);
  const folders = (index.second ?? index.first)?.info.folders;
  const isListed = folders?.every(folder => isUnchanged(folder.path, folder.kept)) === true;
  return isListed ? entries : withEntries(capabilityFiles(options.folders).files, entries);
}
