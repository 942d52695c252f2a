import { LineIndex } from "../document/line-index.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes to a text that keep everything else character by character: replaced ranges, which must not overlap, and
 * lines that move to the right.
 */
export class TextEdits {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  readonly lines: LineIndex;
  /** Spaces to add in front of a line, by its index. */
  readonly #indents = new Map<number, number>();

  constructor(text: string) {
    this.#text = text;
    this.lines = new LineIndex(text);
  }

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Removes a range, or the whole line if nothing else would be left on it. */
  remove(start: number, end: number): void {
    const from = this.lines.start(this.lines.at(start));
    const to = this.lines.end(this.lines.at(end));
    const isAll = isBlank(this.#text.slice(from, start)) && isBlank(this.#text.slice(end, to));
    if (isAll) this.replace(from, to, "");
    else this.replace(start, end, "");
  }

  /** Moves a line by `spaces` to the right. The last call for a line counts. */
  indentLine(line: number, spaces: number): void {
    this.#indents.set(line, spaces);
  }

  /** Returns the distance of an offset from the beginning of its line. */
  columnOf(offset: number): number {
    return offset - this.lines.start(this.lines.at(offset));
  }

  /** Returns the text with all changes. */
  apply(): string {
    const edits = [...this.#edits, ...this.#indentEdits()].sort((a, b) => a.start - b.start || a.end - b.end);
    let result = "";
    let done = 0;
    for (const { start, end, text } of edits) {
      // The beginning of a removed line.
      if (start < done) continue;
      result += this.#text.slice(done, start) + text;
      done = end;
    }
    return result + this.#text.slice(done);
  }

  *#indentEdits(): Generator<Edit> {
    const removed = new Set(this.#edits.filter(({ text }) => text === "").map(({ start }) => start));
    for (const [line, spaces] of this.#indents) {
      const start = this.lines.start(line);
      const isEmpty = /^\r?\n?$/.test(this.#text.slice(start, this.lines.end(line)));
      if (spaces > 0 && !isEmpty && !removed.has(start)) yield { start, end: start, text: " ".repeat(spaces) };
    }
  }
}

export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}
