import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { NamedFile } from "./capability-files.ts";
import type { CatalogueOperation } from "./catalogue-file.ts";
import type { Entry } from "./entry.ts";
import { type EntryData, readEntry } from "./read-entry.ts";

interface ReadingOptions {
  /** Folders that files may import from, besides their own. */
  readonly importRoots: readonly string[];
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Files that are worth the start of a thread. */
const FILES_PER_THREAD = 200;
const MOST_THREADS = 7;
/** Memory for what lives as long as a file is read. Node's own bound makes it collected many times a file. */
const YOUNG_MIB = 64;
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
  const count = Math.min(availableParallelism() - 1, MOST_THREADS, Math.floor(files.length / FILES_PER_THREAD));
  const threads = Array.from({ length: count }, () => runThread(importRoots, takeBatch, keep));
  while (front < end) {
    const place = front++;
    keep(place, await readEntry(files[place] as NamedFile, importRoots));
    // The others are waiting for batches.
    if (count > 0 && front % 4 === 0) await setImmediate();
  }
  await Promise.all(threads);
  for (const [place, entry] of read.entries()) {
    // A thread that failed has left it.
    if (entry === undefined) keep(place, await readEntry(files[place] as NamedFile, importRoots));
  }
  return read as Entry[];
}

/** Reads batches in a thread, until there are none. It settles early where the thread cannot run. */
function runThread(
  importRoots: readonly string[],
  takeBatch: () => { readonly from: number; readonly files: readonly NamedFile[] },
  keep: (place: number, data: EntryData) => void,
): Promise<void> {
  return new Promise(resolve => {
    let worker: Worker | undefined;
    let batch = { from: 0, files: [] as readonly NamedFile[] };
    const next = () => {
      batch = takeBatch();
      if (batch.files.length > 0) worker?.postMessage(batch.files);
      else end();
    };
    const end = () => {
      void worker?.terminate();
      resolve();
    };
    try {
      const file = createRequire(import.meta.url).resolve("#catalogue-worker");
      worker = new Worker(file, {
        workerData: { importRoots },
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
      });
    } catch {
      return resolve();
    }
    worker.on("message", (entries: readonly EntryData[]) => {
      for (const [place, entry] of entries.entries()) keep(batch.from + place, entry);
      next();
    });
    worker.on("error", end);
    worker.on("exit", () => resolve());
    next();
  });
}

function entryOf(data: EntryData): Entry {
  return {
    ...data,
    get operations() {
      return JSON.parse(Buffer.from(data.operationText).toString("utf8")) as readonly CatalogueOperation[];
    },
  };
}
