/** Finds the next place of a text in a longer one, and remembers it until the reader has passed it. */
export class NextPlace {
  readonly #searched: string;
  #place = -1;

  constructor(searched: string) {
    this.#searched = searched;
  }

  /** Forgets the place: the text is another one. */
  reset(): void {
    this.#place = -1;
  }

  /** Returns the first place at or after `from`, or the length of the text if there is none. */
  after(text: string, from: number): number {
    if (this.#place < from) {
      const found = text.indexOf(this.#searched, from);
      this.#place = found < 0 ? text.length : found;
    }
    return this.#place;
  }
}
