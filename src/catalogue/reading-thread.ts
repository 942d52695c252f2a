import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { NamedFile } from "./capability-files.ts";
import type { EntryData } from "./read-entry.ts";

/** Memory for what lives as long as a file is read. Node's own bound makes it collected many times a file. */
const YOUNG_MIB = 64;

/** Reads batches in a thread, until there are none. It settles early where the thread cannot run. */
export function runThread(
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
