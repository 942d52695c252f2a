import path from "node:path";
import { byName, type CatalogueFolders, capabilityFiles, type NamedFile } from "./capability-files.ts";
import type { CatalogueFile } from "./catalogue-file.ts";
import type { Entry, ListedFolder } from "./entry.ts";
import { removeFile } from "./own-file.ts";
import { Segment, SegmentEntry, writeSegment } from "./segment.ts";
import { isUnchanged } from "./stamp.ts";
import { uniqueText } from "./unique-text.ts";

// The index of a catalogue is two files: a first segment with all entries, and a second one with what has changed
// since, so that a change does not cost writing the whole. A process that writes one does not wait for others: the
// second names the first that it changes, and counts with that alone.

/** What folders hold that can be called. */
export interface Catalogue {
  /** Changes when anything in the catalogue does. */
  readonly generation: string;
  /** In the order of their names. */
  readonly files: readonly CatalogueFile[];
  /** Path, without an ending, of the files of the index. Absent if it is not kept. */
  readonly place: string | undefined;
}

export interface CatalogueOptions {
  readonly folders: CatalogueFolders;
  /** Folders that files may import from, besides their own, by absolute paths. */
  readonly importRoots: readonly string[];
  /** Folder of the index. Absent: everything is read, and nothing kept. */
  readonly store?: string | undefined;
  /** Called while files are read. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Reads the catalogue of folders: from its index, and what has changed from the files. */
export async function readCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const index = openIndex(options);
  const { place, first, second } = index;
  const { folders } = second?.info ?? first?.info ?? {};
  const changedRows = new Map([first, second].map(segment => [segment, segment?.changedRows()]));
  const isChanged = ({ segment, row }: SegmentEntry) => changedRows.get(segment)?.has(row) === true;
  const listed = folders?.every(folder => isUnchanged(folder.path, folder.kept))
    ? undefined
    : capabilityFiles(options.folders);
  if (listed === undefined && !hasChanged(index, changedRows)) {
    let files: readonly CatalogueFile[] | undefined;
    return {
      generation: generationOf(index),
      place,
      get files() {
        files ??= capabilitiesAmong(indexedEntries(index));
        return files;
      },
    };
  }
  const before = indexedEntries(index);
  const wanted = listed === undefined ? before : withEntries(listed.files, before);
  const entries = wanted.map((file): Entry | undefined =>
    file instanceof SegmentEntry && !isChanged(file) ? file : undefined,
  );
  const changed = wanted.filter((_, at) => entries[at] === undefined);
  if (changed.length > 0) {
    const { readEntries } = await import("./read-entries.ts");
    const read = await readEntries(changed, options);
    for (const [at, entry] of entries.entries()) entries[at] = entry ?? read.shift();
  }
  const found = entries as readonly Entry[];
  const generation = writeIndex(index, found, listed?.folders ?? folders ?? []);
  return { generation, files: capabilitiesAmong(found), place };
}

/** Tells whether a file of the index has changed that is still one. */
function hasChanged(
  { first, second }: Index,
  changedRows: ReadonlyMap<Segment | undefined, ReadonlySet<number> | undefined>,
): boolean {
  const replaced = new Set(second?.info.replaced);
  const ofFirst = [...(changedRows.get(first) ?? [])].filter(row => !replaced.has(row));
  return ofFirst.length > 0 || (changedRows.get(second)?.size ?? 0) > 0;
}

function capabilitiesAmong(entries: readonly Entry[]): readonly CatalogueFile[] {
  return entries.filter(({ isForeign }) => !isForeign);
}

interface Index {
  readonly key: string;
  readonly place: string | undefined;
  readonly first: Segment | undefined;
  readonly second: Segment | undefined;
}

/** Opens the index of folders, as it was last written. */
export function openIndex({ folders, importRoots, store }: CatalogueOptions): Index {
  const key = JSON.stringify([folders.roots, folders.deep, folders.dirs, importRoots]);
  if (store === undefined) return { key, place: undefined, first: undefined, second: undefined };
  const place = path.join(store, hashOf(key));
  const first = Segment.open(firstFile(place), key);
  const second = first && Segment.open(secondFile(place), key);
  return { key, place, first, second: second?.info.base === first?.info.id ? second : undefined };
}

function firstFile(place: string): string {
  return `${place}.first`;
}

function secondFile(place: string): string {
  return `${place}.second`;
}

/** Returns a short text for a key. Two keys may have the same: an index has its key in it. (FNV-1a, twice.) */
function hashOf(key: string): string {
  let one = 0x811c9dc5;
  let other = 0x01000193;
  for (let index = 0; index < key.length; index++) {
    one = Math.imul(one ^ key.charCodeAt(index), 0x01000193);
    other = Math.imul(other ^ key.charCodeAt(index), 0x85ebca6b);
  }
  return [one, other].map(part => (part >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Returns the entries of an index, which may have changed since. */
export function indexedEntries({ first, second }: Index): SegmentEntry[] {
  if (first === undefined) return [];
  const entries = first.column("names").map((name, row) => new SegmentEntry(first, row, name));
  if (second === undefined) return entries;
  const replaced = new Set(second.info.replaced);
  const others = second.column("names").map((name, row) => new SegmentEntry(second, row, name));
  return [...entries.filter(({ row }) => !replaced.has(row)), ...others].sort(byName);
}

/** Returns the files, those with the entries that they have. A name may be another one now. */
export function withEntries(
  files: readonly NamedFile[],
  before: readonly SegmentEntry[],
): (NamedFile | SegmentEntry)[] {
  const known = new Map(before.map(entry => [entry.file, entry]));
  return files.map(named => {
    const entry = known.get(named.file);
    if (entry === undefined || entry.isDeep !== named.isDeep) return named;
    return entry.name === named.name ? entry : new SegmentEntry(entry.segment, entry.row, named.name);
  });
}

/** Most entries of a second segment, and their share of the first. */
const MOST_CHANGED = 100;
const CHANGED_SHARE = 1 / 8;

/**
 * Writes what has changed, or all of it where that is much.
 *
 * @returns the generation
 */
function writeIndex(index: Index, entries: readonly Entry[], folders: readonly ListedFolder[]): string {
  const { key, place, first } = index;
  const id = uniqueText();
  if (place === undefined) return id;
  if (first !== undefined) {
    const { others, replaced } = changesOf(first, entries);
    if (others.length + replaced.length <= Math.max(MOST_CHANGED, first.info.rows * CHANGED_SHARE)) {
      writeSegment(secondFile(place), { key, id, base: first.info.id, replaced, folders }, others);
      return `${first.info.id}.${id}`;
    }
  }
  if (writeSegment(firstFile(place), { key, id, replaced: [], folders }, entries)) removeFile(secondFile(place));
  return id;
}

/** Returns the entries that are not those of the segment, and the rows of the segment that are no longer entries. */
function changesOf(
  first: Segment,
  entries: readonly Entry[],
): { readonly others: readonly Entry[]; readonly replaced: readonly number[] } {
  const names = first.column("names");
  const rows = new Set<number>();
  const others = entries.filter(entry => {
    const isOfFirst = entry instanceof SegmentEntry && entry.segment === first && names[entry.row] === entry.name;
    if (isOfFirst) rows.add(entry.row);
    return !isOfFirst;
  });
  return { others, replaced: names.flatMap((_, row) => (rows.has(row) ? [] : [row])) };
}

function generationOf({ first, second }: Index): string {
  return [first, second].flatMap(segment => segment?.info.id ?? []).join(".");
}
