/** RFC 9659, 3: what a receiver of zstd over HTTP has to provide. */
const LARGEST_WINDOW_BYTES = 8 * 1024 * 1024;
const LARGEST_BLOCK_BYTES = 128 * 1024;
const FRAME = 0xfd2fb528;
/** RFC 8878, 3.1.2: the last four bits are anything. */
const SKIPPABLE = 0x184d2a50;

/** The part that is read next, and its length in bytes. */
type Step = "magic" | "descriptor" | "header" | "block" | "skippedLength";

const LENGTHS: Readonly<Record<Exclude<Step, "header">, number>> = {
  magic: 4,
  descriptor: 1,
  block: 3,
  skippedLength: 4,
};

/**
 * Reads along the frames of a zstd body (RFC 8878, 3.1), as far as they say how much memory they need: what unpacks them
 * believes them.
 */
export class ZstdFrames {
  #step: Step = "magic";
  #wanted = LENGTHS.magic;
  readonly #read: number[] = [];
  #skip = 0;
  #descriptor = 0;

  /** @throws Error for a frame that takes more memory than it may */
  check(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - index);
        this.#skip -= skipped;
        index += skipped;
        continue;
      }
      this.#read.push(bytes[index++] ?? 0);
      if (this.#read.length === this.#wanted) this.#take(Buffer.from(this.#read.splice(0)));
    }
  }

  #take(read: Buffer): void {
    switch (this.#step) {
      case "magic": {
        const magic = read.readUInt32LE();
        if (magic === FRAME) this.#expect("descriptor");
        else if (magic >>> 4 === SKIPPABLE >>> 4) this.#expect("skippedLength");
        else throw new Error("it is not a zstd frame");
        break;
      }
      case "skippedLength":
        this.#skip = read.readUInt32LE();
        this.#expect("magic");
        break;
      case "descriptor": {
        const descriptor = read.readUInt8();
        this.#descriptor = descriptor;
        this.#expect("header", windowLength(descriptor) + idLength(descriptor) + sizeLength(descriptor));
        break;
      }
      case "header":
        checkWindow(this.#descriptor, read);
        this.#expect("block");
        break;
      case "block":
        this.#takeBlock(read.readUIntLE(0, 3));
        break;
    }
  }

  #takeBlock(header: number): void {
    const isLast = (header & 1) === 1;
    const isRepeated = ((header >> 1) & 3) === 1;
    const size = header >> 3;
    if (size > LARGEST_BLOCK_BYTES) throw new Error(`a block has ${size} bytes`);
    this.#skip = isRepeated ? 1 : size;
    if (!isLast) return;
    if ((this.#descriptor & 4) !== 0) this.#skip += 4;
    this.#expect("magic");
  }

  #expect(step: Exclude<Step, "header">): void;
  #expect(step: "header", length: number): void;
  #expect(step: Step, length?: number): void {
    this.#step = step;
    this.#wanted = length ?? LENGTHS[step as Exclude<Step, "header">];
  }
}

function isSingleSegment(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0;
}

function windowLength(descriptor: number): number {
  return isSingleSegment(descriptor) ? 0 : 1;
}

function idLength(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] ?? 0;
}

function sizeLength(descriptor: number): number {
  return [isSingleSegment(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
}

function checkWindow(descriptor: number, header: Buffer): void {
  const window = isSingleSegment(descriptor)
    ? contentSize(header.subarray(idLength(descriptor)))
    : windowSize(header.readUInt8());
  if (window > LARGEST_WINDOW_BYTES) throw new Error(`a frame needs a window of ${window} bytes`);
}

/** Reads the size of the window (RFC 8878, 3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Reads the size of the content (RFC 8878, 3.1.1.1.4). */
function contentSize(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}
