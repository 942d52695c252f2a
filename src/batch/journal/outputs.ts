import type { JournalFiles } from "./journal-files.ts";
import type { JournalHeader } from "./journal-header.ts";
import { KeptFile } from "./kept-file.ts";
import { OrderedLines } from "./ordered-lines.ts";
import type { RowLine } from "./row-line.ts";

/** The files of a batch that follow its journal. */
export class Outputs {
  readonly #out: KeptFile;
  readonly #failed: KeptFile | undefined;
  readonly #ordered: OrderedLines | undefined;
  readonly #files: readonly KeptFile[];

  /**
   * Opens the files, or makes them.
   *
   * @param read reads a part of the journal
   * @throws CapabilityError `BATCH_REFUSED` if one cannot be opened
   */
  constructor(
    { out, failed }: JournalFiles,
    { order, firstRow, rowStep }: JournalHeader,
    read: (offset: number, length: number) => Buffer,
  ) {
    this.#out = new KeptFile(out.path);
    try {
      this.#failed = failed && new KeptFile(failed.path);
    } catch (error) {
      this.#out.close();
      throw error;
    }
    this.#files = this.#failed === undefined ? [this.#out] : [this.#out, this.#failed];
    const write = (isFailed: boolean, bytes: Buffer, start: number, end: number) =>
      this.#write(isFailed, bytes, start, end);
    this.#ordered = order === "rows" ? new OrderedLines(firstRow, rowStep, { read, write }) : undefined;
  }

  /**
   * Takes the next line of the journal.
   *
   * @throws CapabilityError as {@link KeptFile.take}
   */
  take(line: RowLine, bytes: Buffer): void {
    if (this.#ordered === undefined) this.#write(line.isFailed, bytes, line.start, line.end);
    else this.#ordered.add(line, bytes);
  }

  #write(isFailed: boolean, bytes: Buffer, start: number, end: number): void {
    const file = isFailed ? (this.#failed ?? this.#out) : this.#out;
    file.take(bytes, start, end);
  }

  /**
   * Ends the comparison with what was there.
   *
   * @returns the repairs, for people
   * @throws CapabilityError `BATCH_REFUSED` if a file has more than the journal
   */
  settle(): string[] {
    return this.#files.flatMap(file => file.settle() ?? []);
  }

  /** @throws CapabilityError `IO_FAILED` */
  flush(): void {
    for (const file of this.#files) file.flush();
  }

  /** @throws CapabilityError `IO_FAILED` if something else has removed or changed a file */
  check(): void {
    for (const file of this.#files) file.check();
  }

  /**
   * Writes all lines, and waits until they are on the disk.
   *
   * @throws CapabilityError `IO_FAILED`
   */
  async finish(): Promise<void> {
    await Promise.all(this.#files.map(file => file.finish()));
  }

  close(): void {
    for (const file of this.#files) file.close();
  }
}
