import { closeSync, fdatasync, fstatSync, ftruncateSync, readSync } from "node:fs";
import { promisify } from "node:util";
import { countOf } from "../../base/count-of.ts";
import { batchRefused } from "../batch-refused.ts";
import { fileError } from "./file-error.ts";
import { openForAppending } from "./open-for-appending.ts";
import { requireUnchanged } from "./require-unchanged.ts";
import { writeAll } from "./write-all.ts";

const datasync = promisify(fdatasync);

/** Bytes that are written or read at once. */
const CHUNK = 1 << 16;

/**
 * An output, which holds lines of the journal in their order. Lines that are there already are compared, the others are
 * added; a line that was written in part is replaced.
 */
export class KeptFile {
  readonly #path: string;
  readonly #descriptor: number;
  /** Size of the part that was compared or written; a part that is to be compared stands behind it. */
  #size = 0;
  /** Size of the file as it was found; `undefined` once all of it is compared. */
  #found: number | undefined;
  /** Lines that were compared, and lines that were added before {@link settle}. */
  #lines = 0;
  #missing = 0;
  #isSettled = false;
  /** Bytes of the file from `#size` on while it is compared, later the lines that are not written yet. */
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #from = 0;
  #filled = 0;

  /** @throws CapabilityError `BATCH_REFUSED` if the file cannot be opened or made */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openForAppending(path);
    this.#found = fstatSync(this.#descriptor).size;
  }

  /**
   * Takes the next line, with its line break, at its place in `bytes`.
   *
   * @throws CapabilityError `IO_FAILED`; `BATCH_REFUSED` if another line is there
   */
  take(bytes: Buffer, start: number, end: number): void {
    if (this.#found !== undefined && this.#isThere(bytes, start, end, this.#found)) return;
    if (!this.#isSettled) this.#missing++;
    this.#append(bytes, start, end);
  }

  /**
   * Ends the comparison with what was there.
   *
   * @returns the repair, for people; `undefined` if there was none
   * @throws CapabilityError `BATCH_REFUSED` if there is more than was compared
   */
  settle(): string | undefined {
    this.#isSettled = true;
    if (this.#found !== undefined) {
      if (this.#size < this.#found) throw this.#otherContent();
      this.#startAppending();
    }
    return this.#missing === 0
      ? undefined
      : `added ${countOf(this.#missing, "line")} to ${this.#path} from the journal`;
  }

  #isThere(bytes: Buffer, start: number, end: number, found: number): boolean {
    const there = Math.min(end - start, found - this.#size);
    for (let place = start; place < start + there; ) {
      if (this.#from === this.#filled) this.#readChunk(this.#size + place - start);
      const length = Math.min(start + there - place, this.#filled - this.#from);
      if (bytes.compare(this.#chunk, this.#from, this.#from + length, place, place + length) !== 0)
        throw this.#otherContent();
      this.#from += length;
      place += length;
    }
    if (there === end - start) {
      this.#size += there;
      this.#lines++;
      return true;
    }
    if (there > 0) this.#attempt(() => ftruncateSync(this.#descriptor, this.#size));
    this.#startAppending();
    return false;
  }

  #readChunk(position: number): void {
    this.#from = 0;
    this.#filled = this.#attempt(() => readSync(this.#descriptor, this.#chunk, 0, CHUNK, position));
    if (this.#filled === 0) throw this.#otherContent();
  }

  #startAppending(): void {
    this.#found = undefined;
    this.#from = 0;
    this.#filled = 0;
  }

  #otherContent(): Error {
    return batchRefused(
      `Cannot go on with the batch: line ${this.#lines + 1} of ${this.#path} is not what the journal has: it was changed meanwhile. Move it away: --resume writes it again from the journal`,
      { reason: "changed", path: this.#path },
    );
  }

  #append(bytes: Buffer, start: number, end: number): void {
    if (this.#filled + end - start > CHUNK) this.flush();
    if (end - start > CHUNK) {
      this.#attempt(() => writeAll(this.#descriptor, bytes, start, end));
      this.#size += end - start;
      return;
    }
    this.#filled += bytes.copy(this.#chunk, this.#filled, start, end);
  }

  /**
   * Writes the lines that are not written yet.
   *
   * @throws CapabilityError `IO_FAILED`
   */
  flush(): void {
    if (this.#found !== undefined || this.#filled === 0) return;
    this.#attempt(() => writeAll(this.#descriptor, this.#chunk, 0, this.#filled));
    this.#size += this.#filled;
    this.#filled = 0;
  }

  /** @throws CapabilityError `IO_FAILED` if something else has removed or changed the file */
  check(): void {
    requireUnchanged(this.#descriptor, this.#path, this.#size);
  }

  /**
   * Writes all lines, and waits until they are on the disk.
   *
   * @throws CapabilityError `IO_FAILED`
   */
  async finish(): Promise<void> {
    this.flush();
    await datasync(this.#descriptor).catch(error => {
      throw fileError("write", this.#path, error);
    });
    this.check();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #attempt<Value>(action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      throw fileError("write", this.#path, error);
    }
  }
}
