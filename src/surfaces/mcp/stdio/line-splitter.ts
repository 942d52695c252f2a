/** Splits bytes into lines. A line that is too long is passed over, and not kept. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #isTooLong = false;

  /** @param maxBytes longest line without its end, in bytes */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns the lines that a piece completes, and `undefined` for one that is found too long. Empty lines are left out. */
  split(piece: Uint8Array): (Uint8Array | undefined)[] {
    const lines: (Uint8Array | undefined)[] = [];
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      this.#add(piece.subarray(start, end), lines);
      const line = this.#take();
      if (line !== undefined) lines.push(line);
      start = end + 1;
    }
    this.#add(piece.subarray(start), lines);
    return lines;
  }

  /** Returns the last line where no line feed ends it. */
  rest(): Uint8Array | undefined {
    return this.#take();
  }

  #add(part: Uint8Array, lines: (Uint8Array | undefined)[]): void {
    if (this.#isTooLong || part.length === 0) return;
    this.#length += part.length;
    if (this.#length <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    this.#isTooLong = true;
    this.#parts = [];
    lines.push(undefined);
  }

  #take(): Uint8Array | undefined {
    const [first, ...more] = this.#parts;
    this.#parts = [];
    this.#length = 0;
    this.#isTooLong = false;
    if (first === undefined) return undefined;
    const line = withoutReturn(more.length === 0 ? first : Buffer.concat([first, ...more]));
    return isBlank(line) ? undefined : line;
  }
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACES = new Set([0x20, 0x09, RETURN]);

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

function isBlank(line: Uint8Array): boolean {
  return line.every(byte => SPACES.has(byte));
}
