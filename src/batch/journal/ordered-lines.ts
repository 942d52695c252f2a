import type { RowLine } from "./row-line.ts";

interface Journalled {
  /** Reads a part of the journal. */
  read(offset: number, length: number): Buffer;
  /** Called for each line whose turn it is. */
  write(isFailed: boolean, bytes: Buffer, start: number, end: number): void;
}

/**
 * Lines of a journal in the order of their rows. A line that comes before its turn is read again from the journal when its
 * turn comes: a row that takes long holds up thousands of others, whose outputs would fill the memory.
 */
export class OrderedLines {
  #next: number;
  readonly #step: number;
  readonly #journal: Journalled;
  readonly #held = new Map<number, { isFailed: boolean; offset: number; length: number }>();

  constructor(first: number, step: number, journal: Journalled) {
    this.#next = first;
    this.#step = step;
    this.#journal = journal;
  }

  add({ row, isFailed, start, end, offset }: RowLine, bytes: Buffer): void {
    if (row !== this.#next) {
      this.#held.set(row, { isFailed, offset, length: end - start });
      return;
    }
    this.#journal.write(isFailed, bytes, start, end);
    this.#next += this.#step;
    for (let held = this.#held.get(this.#next); held !== undefined; held = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#journal.write(held.isFailed, this.#journal.read(held.offset, held.length), 0, held.length);
      this.#next += this.#step;
    }
  }
}
