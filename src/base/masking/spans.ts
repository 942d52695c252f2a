/** Ranges of a text, flat: start, end (exclusive), start, end, …; in order, none touches the next. */
export type Spans = number[];

/** Adds a range that ends no earlier than those before it; it takes in those that it touches. */
export function addSpan(spans: Spans, start: number, end: number): void {
  let first = start;
  while (spans.length > 0 && (spans.at(-1) ?? -1) >= first) {
    spans.pop();
    first = Math.min(first, spans.pop() ?? first);
  }
  spans.push(first, end);
}
