import type { Catalogue } from "../catalogue.ts";
import type { CatalogueFile } from "../catalogue-file.ts";
import { readOwnFile, writeOwnFile } from "../own-file.ts";
import { type BuildOptions, buildIndex, type IndexedFile } from "./build-index.ts";
import { decodeIndex, encodeIndex, type KeptIndex } from "./index-bytes.ts";
import type { SearchedCatalogue } from "./search-catalogue.ts";
import { statisticsOf } from "./statistics.ts";

// The index of words is a file beside the index of the catalogue. It begins with the generation of the catalogue that it
// is of. If the catalogue has changed since, the operations of the files that are new are indexed in memory, and those of
// the files that are gone are left out; if these are many, the index is made anew.

/** Most files that are indexed in memory at each search. */
const MOST_NEW = 50;

/** Opens the index of words of a catalogue, and makes it if there is none. It is kept where the catalogue is. */
export async function openSearch(
  { files, generation, place }: Catalogue,
  onProgress?: BuildOptions["onProgress"],
): Promise<SearchedCatalogue> {
  const kept = place === undefined ? undefined : readKept(keptFile(place));
  if (kept !== undefined) {
    const { index } = kept;
    if (generationOf(kept) === generation) return { files, indexes: [{ index }] };
    const changed = changesSince(kept, files);
    if (changed !== undefined) return withChanges(kept, files, changed);
  }
  const index = await buildIndex(files.map(indexedFile), { onProgress });
  if (place !== undefined) {
    const contents = `${generation}\n${JSON.stringify(files.map(keyOf))}`;
    writeOwnFile(keptFile(place), encodeIndex({ index, contents }));
  }
  return { files, indexes: [{ index }] };
}

function keptFile(place: string): string {
  return `${place}.words`;
}

/** Returns the index of a file, `undefined` if there is none or it is damaged. */
function readKept(file: string): KeptIndex | undefined {
  const bytes = readOwnFile(file);
  return bytes && decodeIndex(bytes);
}

function generationOf({ contents }: KeptIndex): string {
  return contents.slice(0, contents.indexOf("\n"));
}

/** Returns what tells a file of the catalogue from others, and from what it was. */
function keyOf({ name, file, stamp }: CatalogueFile): string {
  return [name, stamp, file].join("\n");
}

interface Changes {
  /** Places in the catalogue of the files of the index, -1 for those that are gone. */
  readonly places: Int32Array;
  /** Places of the files that the index lacks. */
  readonly added: readonly number[];
}

/** Returns what has changed since an index was made, `undefined` if it is much. */
function changesSince({ contents }: KeptIndex, files: readonly CatalogueFile[]): Changes | undefined {
  const keys = JSON.parse(contents.slice(contents.indexOf("\n") + 1)) as readonly string[];
  const numbers = new Map(keys.map((key, number) => [key, number]));
  const places = new Int32Array(keys.length).fill(-1);
  const added: number[] = [];
  for (const [place, file] of files.entries()) {
    const number = numbers.get(keyOf(file));
    if (number === undefined) added.push(place);
    else places[number] = place;
  }
  const gone = keys.length - (files.length - added.length);
  return added.length > MOST_NEW || gone > Math.max(MOST_NEW, keys.length / 8) ? undefined : { places, added };
}

async function withChanges(
  { index }: KeptIndex,
  files: readonly CatalogueFile[],
  { places, added }: Changes,
): Promise<SearchedCatalogue> {
  const small = await buildIndex(added.flatMap(place => files[place] ?? []).map(indexedFile), {
    others: statisticsOf([index]),
  });
  return {
    files,
    indexes: [
      { index, places },
      { index: small, places: added },
    ],
  };
}

function indexedFile({ name, label, tags, adapters, operations }: CatalogueFile): IndexedFile {
  return {
    capability: { name, label, tags, baseUri: adapters[0]?.baseUri ?? "" },
    operations: operations.map(({ label = "", description = "", inputs, ...operation }) => ({
      ...operation,
      label,
      description,
      inputs: inputs.map(input => input.name),
    })),
  };
}
