import { randomUUID } from "node:crypto";
import { closeSync, fdatasync, ftruncateSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { countOf } from "../../base/count-of.ts";
import { tryFileLock } from "../../base/files/file-lock.ts";
import { batchRefused } from "../batch-refused.ts";
import { fileError } from "./file-error.ts";
import type { Journal } from "./journal.ts";
import { type BatchFiles, findJournalFiles, type JournalFiles } from "./journal-files.ts";
import { differencesOf, type JournalHeader, type StoredHeader } from "./journal-header.ts";
import { journalLine } from "./journal-line.ts";
import { JournalWriter } from "./journal-writer.ts";
import { openForAppending } from "./open-for-appending.ts";
import { Outputs } from "./outputs.ts";
import { type JournalFile, type PastRows, readFirstLine, readRows } from "./read-journal.ts";
import { writeAll } from "./write-all.ts";

/**
 * Opens the journal of a batch, and brings the outputs up to it. No other process can open it meanwhile.
 *
 * @throws CapabilityError `BATCH_REFUSED` if the run may not begin or go on; `IO_FAILED`
 */
export async function openJournal(
  files: BatchFiles,
  header: JournalHeader,
  { resume }: { readonly resume: boolean },
): Promise<Journal> {
  const release = await lock((await findJournalFiles(files)).journal.path);
  try {
    // Another process may have made them until now.
    const found = await findJournalFiles(files);
    if (!resume) refuseExisting(found);
    return await openFiles(found, header, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function lock(journal: string): Promise<() => void> {
  const tried = await tryFileLock(journal).catch(error => {
    throw batchRefused((error as Error).message, { reason: "path", path: journal }, error);
  });
  if (tried.isHeld) return tried.release;
  const { pid } = tried;
  const holder = pid === undefined ? "another process" : `another process (pid ${pid})`;
  throw batchRefused(
    `Cannot open the journal ${journal}: ${holder} works on this batch: wait until it ends, or stop it`,
    {
      reason: "busy",
      path: journal,
      ...(pid === undefined ? {} : { pid }),
    },
  );
}

/** Refuses to write over files that are there. */
function refuseExisting({ out, failed, journal }: JournalFiles): void {
  const there = [out, failed, journal].find(file => file?.size !== undefined);
  if (there === undefined) return;
  const goOn = journal.size === undefined ? "" : "add --resume to go on with that run, ";
  throw batchRefused(`${there.path} is there already: ${goOn}name another file, or move it away`, {
    reason: "exists",
    path: there.path,
  });
}

async function openFiles(files: JournalFiles, header: JournalHeader, release: () => void): Promise<Journal> {
  const file = { path: files.journal.path, descriptor: openForAppending(files.journal.path) };
  let outputs: Outputs | undefined;
  try {
    let stored = readFirstLine(file);
    if (stored === undefined) {
      // The process ended before its first line was written, so nothing was sent.
      requireNoOutput(files);
      stored = await begin(file, header);
    }
    requireSame(stored, header, file.path);
    outputs = new Outputs(files, header, (offset, length) => readPart(file, offset, length));
    const past = readRows(file, outputs);
    const notes = [...cutTornLine(file, past), ...outputs.settle()];
    return new JournalWriter({
      file,
      runId: stored.runId,
      past,
      notes,
      outputs,
      paths: [files.out, files.failed, files.journal].flatMap(found => (found === undefined ? [] : [found.path])),
      hasFailedFile: files.failed !== undefined,
      release,
    });
  } catch (error) {
    outputs?.close();
    closeSync(file.descriptor);
    throw error;
  }
}

function requireSame(before: StoredHeader, now: JournalHeader, journal: string): void {
  const differences = differencesOf(before, now);
  if (differences.length === 0) return;
  const message = `Cannot go on with the batch of ${journal}: ${differences.join("; ")}. Begin another one with another --out, or go on as it began`;
  throw batchRefused(message, { reason: "changed", path: journal });
}

function requireNoOutput({ out, failed }: JournalFiles): void {
  const there = [out, failed].find(file => (file?.size ?? 0) > 0);
  if (there === undefined) return;
  throw batchRefused(
    `Cannot go on with the batch: ${there.path} is there, and its journal is not: name another file, or move it away`,
    { reason: "exists", path: there.path },
  );
}

/** Writes the first line, and waits until the file and its name are on the disk. */
async function begin({ path: file, descriptor }: JournalFile, header: JournalHeader): Promise<StoredHeader> {
  const stored: StoredHeader = { version: 1, runId: randomUUID(), startedAt: new Date().toISOString(), ...header };
  const line = journalLine("run", JSON.stringify(stored));
  try {
    ftruncateSync(descriptor, 0);
    writeAll(descriptor, line, 0, line.length);
    await promisify(fdatasync)(descriptor);
  } catch (error) {
    throw fileError("write", file, error);
  }
  await syncFolder(path.dirname(file));
  return stored;
}

/** Best effort: some systems open no folders. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // The name reaches the disk a little later.
  }
}

/** Cuts the line that was written in part. Returns the repair, for people. */
function cutTornLine({ path: file, descriptor }: JournalFile, { length, torn }: PastRows): string[] {
  if (torn === 0) return [];
  try {
    ftruncateSync(descriptor, length);
  } catch (error) {
    throw fileError("write", file, error);
  }
  return [`cut the torn last line of ${file} (${countOf(torn, "byte")}): its row was not acknowledged`];
}

function readPart({ path: file, descriptor }: JournalFile, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  try {
    for (let filled = 0; filled < length; ) {
      const read = readSync(descriptor, bytes, filled, length - filled, offset + filled);
      if (read === 0) throw new Error("it has become shorter");
      filled += read;
    }
    return bytes;
  } catch (error) {
    throw fileError("read", file, error);
  }
}
