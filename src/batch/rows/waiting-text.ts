import { LONGEST_RECORD } from "./record-reader.ts";

/** Text that arrives in pieces, from the place on that its reader has not passed. */
export class WaitingText {
  /** Text whose places the reader uses. */
  text = "";
  /** Whether no more text comes after {@link text}. */
  isLast = false;
  #pieces: string[] = [];
  #length = 0;
  #isEnded = false;

  push(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  end(): void {
    this.#isEnded = true;
  }

  /**
   * Drops the text before a place, and appends what has arrived. A record that is not complete grows at least twofold, so
   * that a long one is not read again for each piece.
   *
   * @returns whether there is more than before
   */
  advance(from: number): boolean {
    if (this.isLast || (!this.#isEnded && !this.#isEnough(this.text.length - from))) return false;
    this.text = this.text.slice(from) + this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    this.isLast = this.#isEnded;
    return true;
  }

  #isEnough(rest: number): boolean {
    return this.#length > 0 && (this.#length >= rest || this.#length + rest > LONGEST_RECORD);
  }
}
