import type { SourceLocation } from "../../base/source-location.ts";

const CARRIAGE_RETURN = 13;

/** The lines of a text, by offset. */
export class LineIndex {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get count(): number {
    return this.#lineStarts().length;
  }

  /** Returns the index of the line that an offset is on. */
  at(offset: number): number {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  start(line: number): number {
    return this.#lineStarts()[line] ?? this.#text.length;
  }

  /** Returns the offset behind a line and its line break. */
  end(line: number): number {
    return this.start(line + 1);
  }

  /** Returns the place of an offset in the file, with the text of its line. */
  location(file: string, offset: number): SourceLocation {
    const line = this.at(offset);
    const start = this.start(line);
    // Not by a search: one line may hold a whole file, and many findings.
    let end = line + 1 === this.count ? this.#text.length : this.end(line) - 1;
    if (end > start && this.#text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    const text = this.#text.slice(start, end);
    return { file, line: line + 1, column: Math.max(0, offset - start) + 1, text };
  }

  #lineStarts(): readonly number[] {
    this.#starts ??= lineStarts(this.#text);
    return this.#starts;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** Returns the text of the line that begins at an offset, without its line break. */
export function lineAt(text: string, start: number): string {
  const feed = text.indexOf("\n", start);
  const end = feed < 0 ? text.length : feed;
  return text.slice(start, end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end);
}
