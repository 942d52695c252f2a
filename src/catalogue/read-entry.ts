import type { NamedFile } from "./capability-files.ts";
import type { Entry, ImportedFile } from "./entry.ts";
import { EMPTY, readFile } from "./read-file.ts";
import { type Stamp, settled, stampOf } from "./stamp.ts";
import { uniqueText } from "./unique-text.ts";

/** Entry that was read, as data. */
export type EntryData = Omit<Entry, "operations">;

/**
 * Reads a file for an index. A file that changes meanwhile is read again at the next use: its stamp is taken before.
 *
 * @param nowMs gives the time
 */
export async function readEntry(
  { name, file, isDeep }: NamedFile,
  importRoots: readonly string[],
  nowMs: () => number = Date.now,
): Promise<EntryData> {
  const stamp = stampOf(file);
  const imported = new Map<string, Stamp>();
  const onImport = (path: string) => {
    if (!imported.has(path)) imported.set(path, stampOf(path));
  };
  const content = await readFile(file, { importRoots, isDeep, onImport });
  const readAtMs = nowMs();
  const { operations, ...head } = content ?? EMPTY;
  return {
    ...head,
    name,
    file,
    isDeep,
    isForeign: content === undefined,
    stamp: uniqueText(),
    operationCount: operations.length,
    kept: settled(stamp, readAtMs),
    imports: Array.from(imported, ([path, kept]): ImportedFile => ({ file: path, kept: settled(kept, readAtMs) })),
    operationText: Buffer.from(JSON.stringify(operations)),
  };
}
