import type { NamedFile } from "./capability-files.ts";
import type { CatalogueOperation } from "./catalogue-file.ts";
import type { Entry } from "./entry.ts";
import { type EntryData, readEntry } from "./read-entry.ts";

interface ReadingOptions {
  /** Folders that files may import from, besides their own. */
  readonly importRoots: readonly string[];
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Reads files for an index, in their order. */
export async function readEntries(
  files: readonly NamedFile[],
  { importRoots, onProgress }: ReadingOptions,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const file of files) {
    entries.push(entryOf(await readEntry(file, importRoots)));
    onProgress?.(entries.length, files.length);
  }
  return entries;
}

function entryOf(data: EntryData): Entry {
  return {
    ...data,
    get operations() {
      return JSON.parse(Buffer.from(data.operationText).toString("utf8")) as readonly CatalogueOperation[];
    },
  };
}
