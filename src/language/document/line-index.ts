import type { SourceLocation } from "../../base/source-location.ts";

const CARRIAGE_RETURN = 13;

/** Turns offsets in a text into lines and columns. */
export class LineIndex {
  readonly #file: string;
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** The place of an offset, with the text of its line. */
  location(offset: number): SourceLocation {
    this.#starts ??= lineStarts(this.#text);
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] as number;
    const next = starts[low + 1];
    // Not by a search: one line may hold a whole file, and many findings.
    let end = next === undefined ? this.#text.length : next - 1;
    if (end > start && this.#text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    const text = this.#text.slice(start, end);
    return { file: this.#file, line: low + 1, column: Math.max(0, offset - start) + 1, text };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}
