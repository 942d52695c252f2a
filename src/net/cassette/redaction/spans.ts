/** A part of a text and its replacement. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The changes of a text, in any order. If one is inside another, the outer one counts. */
export class Spans {
  readonly #spans: Span[] = [];

  add(start: number, end: number, text: string): void {
    this.#spans.push({ start, end, text });
  }

  /** Applies the changes to the text. Every other character stays. */
  applyTo(text: string): string {
    if (this.#spans.length === 0) return text;
    const sorted = this.#spans.sort((a, b) => a.start - b.start || b.end - a.end);
    const pieces: string[] = [];
    let position = 0;
    for (const { start, end, text: replacement } of sorted) {
      if (start < position) continue;
      pieces.push(text.slice(position, start), replacement);
      position = end;
    }
    pieces.push(text.slice(position));
    return pieces.join("");
  }
}
