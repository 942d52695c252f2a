import { closeSync, fdatasync, ftruncateSync } from "node:fs";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { failedLine, resultLine } from "../result-line.ts";
import type { EndedRow } from "../row.ts";
import { fileError } from "./file-error.ts";
import type { Journal, RowCounts } from "./journal.ts";
import { CHECKSUM_BYTES, journalLine, writeChecksum } from "./journal-line.ts";
import type { Outputs } from "./outputs.ts";
import type { JournalFile, PastRows } from "./read-journal.ts";
import { requireUnchanged } from "./require-unchanged.ts";
import type { RowLine } from "./row-line.ts";
import type { RowSet } from "./row-set.ts";
import { writeAll } from "./write-all.ts";

// A line that was written is kept by the system even if this process is killed. `fdatasync` keeps it if the power fails.
// Rows that end in the same turn of the event loop are written at once: a write for each would cost more than a call.

const datasync = promisify(fdatasync);

/** Bytes that are written at once. A longer line is written alone. */
const GROUP = 1 << 18;

/** How often outputs are written. */
const FLUSH_MS = 200;
/** After how many of these the journal is brought to the disk, and all files are looked at. */
const FLUSHES_PER_SYNC = 5;

/** A group of lines that are written at once. */
interface Group {
  readonly written: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** A journal whose past has been read. */
interface ReadJournal {
  readonly file: JournalFile;
  readonly runId: string;
  readonly past: PastRows;
  readonly notes: readonly string[];
  readonly outputs: Outputs;
  /** Paths of all files. */
  readonly paths: readonly string[];
  /** Whether lines of failed rows can be read as a source. */
  readonly hasFailedFile: boolean;
  /** Gives the lock up. */
  release(): void;
}

/** Writes rows to the journal, and then to the outputs. */
export class JournalWriter implements Journal {
  readonly runId: string;
  readonly isFinished: boolean;
  readonly before: RowCounts;
  readonly notes: readonly string[];
  readonly #file: JournalFile;
  readonly #outputs: Outputs;
  readonly #paths: readonly string[];
  readonly #hasFailedFile: boolean;
  readonly #release: () => void;
  readonly #rows: RowSet;
  #count: number;
  /** Length of the lines in the file. */
  #length: number;
  /** Group of lines that is not written yet. */
  #bytes = Buffer.allocUnsafe(GROUP);
  #filled = 0;
  #lines: RowLine[] = [];
  #group: Group | undefined;
  #flushes = 0;
  #syncing: Promise<void> | undefined;
  /** The first failure. After it nothing is written. */
  #failure: unknown;
  readonly #timer: NodeJS.Timeout;

  constructor({ file, runId, past, notes, outputs, paths, hasFailedFile, release }: ReadJournal) {
    this.runId = runId;
    this.isFinished = past.isFinished;
    this.before = past.counts;
    this.notes = notes;
    this.#file = file;
    this.#outputs = outputs;
    this.#paths = paths;
    this.#hasFailedFile = hasFailedFile;
    this.#release = release;
    this.#rows = past.rows;
    this.#count = past.counts.rows;
    this.#length = past.length;
    this.#timer = setInterval(() => this.#keep(), FLUSH_MS).unref();
  }

  isDone(row: number): boolean {
    return this.#rows.has(row);
  }

  async add(ended: EndedRow): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#rows.has(ended.row)) {
      this.#rows.add(ended.row);
      this.#count++;
      const isFailed = ended.error !== undefined;
      const json = isFailed && this.#hasFailedFile ? failedLine(ended) : resultLine(ended);
      this.#place(ended.row, isFailed, `${isFailed ? "failed" : "done"} ${ended.status} `, json);
      this.#group ??= this.#startGroup();
    }
    return this.#group?.written;
  }

  #place(row: number, isFailed: boolean, head: string, json: string): void {
    // A character takes three bytes at most; counting them costs as much as writing them.
    const most = CHECKSUM_BYTES + head.length + 3 * json.length;
    if (this.#filled + most > this.#bytes.length) {
      this.#write();
      if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(most);
    }
    const bytes = this.#bytes;
    const start = this.#filled + CHECKSUM_BYTES + bytes.write(head, this.#filled + CHECKSUM_BYTES, "latin1");
    const end = start + bytes.write(json, start);
    writeChecksum(bytes, this.#filled, end - 1);
    this.#filled = end;
    this.#lines.push({ row, isFailed, start, end, offset: this.#length + start });
  }

  #startGroup(): Group {
    let resolve = () => {};
    let reject: (error: unknown) => void = () => {};
    const written = new Promise<void>((onWritten, onFailure) => {
      resolve = onWritten;
      reject = onFailure;
    });
    setImmediate(() => this.#write());
    return { written, resolve, reject };
  }

  /** Writes the group to the journal, and passes its lines on to the outputs. */
  #write(): void {
    const group = this.#group;
    if (group === undefined) return;
    const lines = this.#lines;
    const bytes = this.#bytes;
    const filled = this.#filled;
    this.#group = undefined;
    this.#lines = [];
    this.#filled = 0;
    if (bytes.length > GROUP) this.#bytes = Buffer.allocUnsafe(GROUP);
    try {
      if (this.#failure !== undefined) throw this.#failure;
      writeAll(this.#file.descriptor, bytes, 0, filled);
    } catch (error) {
      this.#fail(error);
      this.#removeTorn();
      group.reject(this.#failure);
      return;
    }
    this.#length += filled;
    group.resolve();
    this.#attempt(() => {
      for (const line of lines) this.#outputs.take(line, bytes);
    });
  }

  /** Removes the part of a group that was written before a failure. Where that fails, a resume does it. */
  #removeTorn(): void {
    try {
      ftruncateSync(this.#file.descriptor, this.#length);
    } catch {
      // The failure of the write is told.
    }
  }

  #keep(): void {
    if (this.#failure !== undefined) return;
    this.#attempt(() => {
      this.#outputs.flush();
      if (++this.#flushes % FLUSHES_PER_SYNC !== 0) return;
      this.#check();
      this.#sync();
    });
  }

  #check(): void {
    requireUnchanged(this.#file.descriptor, this.#file.path, this.#length);
    this.#outputs.check();
  }

  #sync(): void {
    this.#syncing ??= datasync(this.#file.descriptor)
      .catch(error => this.#fail(error))
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  #fail(error: unknown): void {
    this.#failure ??= fileError("write", this.#file.path, error);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  async finish(): Promise<void> {
    await this.#end(this.isFinished ? undefined : journalLine("end", JSON.stringify({ rows: this.#count })));
  }

  async close(): Promise<void> {
    await this.#end(undefined);
  }

  async discard(): Promise<void> {
    await this.#end(undefined);
    if (this.#count === 0) for (const file of this.#paths) await rm(file, { force: true });
  }

  async #end(lastLine: Buffer | undefined): Promise<void> {
    const { path, descriptor } = this.#file;
    clearInterval(this.#timer);
    this.#write();
    await this.#syncing;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      this.#check();
      await this.#outputs.finish();
      if (lastLine !== undefined) writeAll(descriptor, lastLine, 0, lastLine.length);
      await datasync(descriptor);
    } catch (error) {
      throw fileError("write", path, error);
    } finally {
      this.#outputs.close();
      closeSync(descriptor);
      this.#release();
    }
  }
}
