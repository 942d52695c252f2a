import { stat } from "node:fs/promises";
import path from "node:path";
import { linkTarget } from "../../base/files/link-target.ts";
import { ioReason } from "../../base/io-reason.ts";
import { batchRefused } from "../batch-refused.ts";

/** Files of a batch, as absolute paths. */
export interface BatchFiles {
  readonly out: string;
  /** File of the failed rows; without one they stand in `out`. */
  readonly failed: string | undefined;
  /** File that the rows are read from; `undefined` if it is none. */
  readonly source: string | undefined;
}

/** Files that are written, with all links followed, and whether they are there. */
export interface JournalFiles {
  readonly out: FoundFile;
  readonly failed: FoundFile | undefined;
  readonly journal: FoundFile;
}

/** A file that is written. */
interface FoundFile {
  readonly path: string;
  /** `undefined` if it is not there. */
  readonly size: number | undefined;
}

/**
 * Looks at the files of a batch.
 *
 * @throws CapabilityError `BATCH_REFUSED` if they cannot be files, or two of them are one
 */
export async function findJournalFiles(files: BatchFiles): Promise<JournalFiles> {
  const out = await find("--out", files.out);
  const failed = files.failed === undefined ? undefined : await find("--failed", files.failed);
  const journal = await find("the journal", `${out.path}.journal`);
  const source = files.source === undefined ? undefined : await find("--from", files.source, "read");
  requireApart([
    ["--out", out.path],
    ["--failed", failed?.path],
    ["the journal", journal.path],
    ["--from", source?.path],
  ]);
  return { out, failed, journal };
}

async function find(name: string, file: string, use: "read" | "write" = "write"): Promise<FoundFile> {
  try {
    // The system follows links that have no path, such as that of standard output to a pipe.
    const found = await stat(file).catch(error => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    if (use === "read") return { path: await linkTarget(file), size: found?.size };
    if (found?.isDirectory()) throw new Error("it is a folder: name a file in it");
    if (found !== undefined && !found.isFile())
      throw new Error(
        "it is no regular file, beside which a journal could be kept: leave --out away for standard output",
      );
    const target = await linkTarget(file);
    const folder = path.dirname(target);
    if (found === undefined && !(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new Error(`there is no folder ${folder}: make it first`);
    return { path: target, size: found?.size };
  } catch (error) {
    const message = `Cannot ${use} ${name} ${JSON.stringify(file)}: ${ioReason(error)}`;
    throw batchRefused(message, { reason: "path", path: file }, error);
  }
}

function requireApart(files: readonly (readonly [name: string, path: string | undefined])[]): void {
  const names = new Map<string, string>();
  for (const [name, file] of files) {
    if (file === undefined) continue;
    const other = names.get(file);
    if (other !== undefined)
      throw batchRefused(`${other} and ${name} are one file, ${file}: name another one`, {
        reason: "path",
        path: file,
      });
    names.set(file, name);
  }
}
