interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes to a text that leave everything else as it is, character by character: replaced ranges, which must not overlap,
 * and lines that move to the right.
 */
export class TextEdits {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  /** Offsets at which lines begin. */
  readonly #lineStarts: number[] = [0];
  /** Spaces that a line gets in front, by its index. */
  readonly #indents = new Map<number, number>();

  constructor(text: string) {
    this.#text = text;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
      this.#lineStarts.push(end + 1);
    }
  }

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Removes a range, and the whole line where nothing else would be left on it. */
  remove(start: number, end: number): void {
    const from = this.lineStart(this.lineAt(start));
    const to = this.lineEnd(this.lineAt(end));
    const isAll = isBlank(this.#text.slice(from, start)) && isBlank(this.#text.slice(end, to));
    if (isAll) this.replace(from, to, "");
    else this.replace(start, end, "");
  }

  /** Moves a line by `spaces` to the right; the last word on a line counts. */
  indentLine(line: number, spaces: number): void {
    this.#indents.set(line, spaces);
  }

  /** Index of the line that an offset is on. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStart(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  lineStart(line: number): number {
    return this.#lineStarts[line] ?? this.#text.length;
  }

  /** The offset behind a line and its line break. */
  lineEnd(line: number): number {
    return this.lineStart(line + 1);
  }

  /** How far an offset is from the beginning of its line. */
  columnOf(offset: number): number {
    return offset - this.lineStart(this.lineAt(offset));
  }

  /** The text with all changes. */
  apply(): string {
    const edits = [...this.#edits, ...this.#indentEdits()].sort((a, b) => a.start - b.start || a.end - b.end);
    let result = "";
    let done = 0;
    for (const { start, end, text } of edits) {
      // The beginning of a line that is gone.
      if (start < done) continue;
      result += this.#text.slice(done, start) + text;
      done = end;
    }
    return result + this.#text.slice(done);
  }

  *#indentEdits(): Generator<Edit> {
    const removed = new Set(this.#edits.filter(({ text }) => text === "").map(({ start }) => start));
    for (const [line, spaces] of this.#indents) {
      const start = this.lineStart(line);
      const isEmpty = /^\r?\n?$/.test(this.#text.slice(start, this.lineEnd(line)));
      if (spaces > 0 && !isEmpty && !removed.has(start))
        yield { start, end: start, text: " ".repeat(spaces) };
    }
  }
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}
