import { parentPort, workerData } from "node:worker_threads";
import type { NamedFile } from "./capability-files.ts";
import { type EntryData, readEntry } from "./read-entry.ts";

// Runs in a thread of its own and reads the files that it is given, until it is ended.

parentPort?.on("message", async (files: readonly NamedFile[]) => {
  const { importRoots } = workerData as { readonly importRoots: readonly string[] };
  const entries: EntryData[] = [];
  for (const file of files) entries.push(await readEntry(file, importRoots));
  parentPort?.postMessage(entries);
});
