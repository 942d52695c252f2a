import type { NamedFile } from "./capability-files.ts";
import type { CatalogueOperation } from "./catalogue-file.ts";
import type { Entry } from "./entry.ts";
import { type EntryData, readEntry } from "./read-entry.ts";
import type { runThread } from "./reading-thread.ts";

interface ReadingOptions {
  /** Folders that files may import from, besides their own. */
  readonly importRoots: readonly string[];
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Files that are worth the start of a thread. */
const FILES_PER_THREAD = 200;
const MOST_THREADS = 7;
/** Files that a thread is given at once. */
const BATCH = 16;

/** Reads files for an index, in their order: many of them in several threads. */
export async function readEntries(
  files: readonly NamedFile[],
  { importRoots, onProgress }: ReadingOptions,
): Promise<Entry[]> {
  const read: (Entry | undefined)[] = new Array(files.length).fill(undefined);
  let done = 0;
  const keep = (place: number, data: EntryData) => {
    read[place] = entryOf(data);
    onProgress?.(++done, files.length);
  };
  // This thread takes the files from the front, the others batches from the end.
  let front = 0;
  let end = files.length;
  const takeBatch = () => {
    const from = Math.max(front, end - BATCH);
    const batch = { from, files: files.slice(from, end) };
    end = from;
    return batch;
  };
  // Threads are much to load for the few files that have changed.
  const most = Math.min(MOST_THREADS, Math.floor(files.length / FILES_PER_THREAD));
  const threads = most === 0 ? [] : await runThreads(most, importRoots, takeBatch, keep);
  while (front < end) {
    const place = front++;
    keep(place, await readEntry(files[place] as NamedFile, importRoots));
    // The others are waiting for batches.
    if (threads.length > 0 && front % 4 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  await Promise.all(threads);
  for (const [place, entry] of read.entries()) {
    // A thread that failed has left it.
    if (entry === undefined) keep(place, await readEntry(files[place] as NamedFile, importRoots));
  }
  return read as Entry[];
}

async function runThreads(most: number, ...work: Parameters<typeof runThread>): Promise<readonly Promise<void>[]> {
  const [{ runThread }, { availableParallelism }] = await Promise.all([
    import("./reading-thread.ts"),
    import("node:os"),
  ]);
  return Array.from({ length: Math.min(most, availableParallelism() - 1) }, () => runThread(...work));
}

function entryOf(data: EntryData): Entry {
  return {
    ...data,
    get operations() {
      return JSON.parse(Buffer.from(data.operationText).toString("utf8")) as readonly CatalogueOperation[];
    },
  };
}
