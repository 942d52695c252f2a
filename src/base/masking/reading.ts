/** Ranges of a text, flat: start, end (exclusive), start, end, …; in order, none touches the next. */
export type TextRanges = number[];

/** Adds a range that ends no earlier than those before it; it takes in those that it touches. */
export function addSpan(spans: TextRanges, start: number, end: number): void {
  let first = start;
  while (spans.length > 0 && (spans.at(-1) ?? -1) >= first) {
    spans.pop();
    first = Math.min(first, spans.pop() ?? first);
  }
  spans.push(first, end);
}

/** A decoded text that knows where its characters stand in the text it was decoded from. */
export class Reading {
  readonly text: string;
  /** Reading that this one was decoded from. Absent for a text as it was given. */
  readonly #source: Reading | undefined;
  readonly #segments: Segments;
  readonly #bits: number | undefined;

  /**
   * @param segments the parts that differ from the source
   * @param bits how many bits of bytes a character of the source holds; absent where a segment is one escape
   */
  constructor(text: string, source?: Reading, segments: Segments = new Segments(), bits?: number) {
    this.text = text;
    this.#source = source;
    this.#segments = segments;
    this.#bits = bits;
  }

  /** Returns the number of parts that differ from the source. */
  get parts(): number {
    return this.#segments.count;
  }

  /** Maps ranges to the text that everything was decoded from. */
  toOriginal(spans: TextRanges): TextRanges {
    let found = spans;
    let reading: Reading = this;
    while (reading.#source !== undefined) {
      found = reading.#toSource(found);
      reading = reading.#source;
    }
    return found;
  }

  /** Maps ranges to the source. Spans and segments are both in order, so each is looked at once. */
  #toSource(spans: TextRanges): TextRanges {
    const mapped: TextRanges = [];
    let next = 0;
    for (let index = 0; index < spans.length; index += 2) {
      const start = spans[index] ?? 0;
      const last = (spans[index + 1] ?? 0) - 1;
      while (next < this.#segments.count && this.#segments.start(next) <= start) next++;
      const from = this.#startInSource(next - 1, start);
      while (next < this.#segments.count && this.#segments.start(next) <= last) next++;
      addSpan(mapped, from, Math.max(from, this.#endInSource(next - 1, last)));
    }
    return mapped;
  }

  #startInSource(segment: number, place: number): number {
    if (segment < 0) return place;
    const end = this.#segments.end(segment);
    if (place >= end) return this.#segments.to(segment) + place - end;
    const from = this.#segments.from(segment);
    if (this.#bits === undefined) return from;
    return from + Math.floor(((place - this.#segments.start(segment)) * 8) / this.#bits);
  }

  #endInSource(segment: number, last: number): number {
    if (segment < 0) return last + 1;
    const end = this.#segments.end(segment);
    const to = this.#segments.to(segment);
    if (last >= end) return to + last - end + 1;
    // The last byte takes what fills up its characters.
    if (this.#bits === undefined || last === end - 1) return to;
    const bytes = last - this.#segments.start(segment) + 1;
    return this.#segments.from(segment) + Math.ceil((bytes * 8) / this.#bits);
  }
}

/** Ranges of a reading, in order, with those of its source that they were decoded from; compact, as they may be many. */
export class Segments {
  count = 0;
  #numbers = new Int32Array(32);

  add(start: number, end: number, from: number, to: number): void {
    const at = this.count * 4;
    if (at === this.#numbers.length) {
      const longer = new Int32Array(at * 2);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[at] = start;
    this.#numbers[at + 1] = end;
    this.#numbers[at + 2] = from;
    this.#numbers[at + 3] = to;
    this.count++;
  }

  start(segment: number): number {
    return this.#numbers[segment * 4] ?? 0;
  }

  end(segment: number): number {
    return this.#numbers[segment * 4 + 1] ?? 0;
  }

  from(segment: number): number {
    return this.#numbers[segment * 4 + 2] ?? 0;
  }

  to(segment: number): number {
    return this.#numbers[segment * 4 + 3] ?? 0;
  }
}

/**
 * Decodes the matches of `pattern` in a reading. Returns `undefined` if that changes nothing.
 *
 * @param decode returns `undefined` for a match that stays as it is
 */
export function readReplaced(
  source: Reading,
  pattern: RegExp,
  decode: (written: string) => string | undefined,
): Reading | undefined {
  const segments = new Segments();
  let shift = 0;
  const text = source.text.replace(pattern, (written: string, ...rest: unknown[]) => {
    const decoded = decode(written);
    if (decoded === undefined) return written;
    // The patterns have no groups: the place comes first.
    const from = Number(rest[0]);
    const start = from + shift;
    segments.add(start, start + decoded.length, from, from + written.length);
    shift += decoded.length - written.length;
    return decoded;
  });
  return segments.count === 0 ? undefined : new Reading(text, source, segments);
}
