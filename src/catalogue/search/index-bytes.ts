import zlib from "node:zlib";
import type { SearchIndex } from "./search-index.ts";

// The bytes of an index: a start of 64 bytes, which tells the length of each part, and the parts, each beginning at a
// multiple of four. The machine's order of bytes is that of its files: they are not for others.

/** Changes with the form of the bytes, and with what is kept of operations. */
const FORMAT = 0x6e661003;
const START_LENGTH = 64;

/** An index, and what it is of. */
export interface KeptIndex {
  readonly index: SearchIndex;
  /** Text that tells what the index is of: it has one for each file, by its number. */
  readonly contents: string;
}

/** Returns an index as bytes. */
export function encodeIndex({ index, contents }: KeptIndex): readonly Uint8Array[] {
  const parts = [
    Buffer.from(contents),
    index.files,
    index.operations,
    index.requests,
    index.names,
    index.coreWeights,
    index.methods,
    index.stems.starts,
    index.stems.bytes,
    index.words.starts,
    index.words.bytes,
    index.postingStarts,
    index.postings,
  ].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const start = new Uint32Array(START_LENGTH / 4);
  const pieces: Uint8Array[] = [new Uint8Array(start.buffer)];
  let sum = 0;
  for (const [number, part] of parts.entries()) {
    start[number + 2] = part.length;
    const piece = new Uint8Array(Math.ceil(part.length / 4) * 4);
    piece.set(part);
    pieces.push(piece);
    sum = zlib.crc32(piece, sum);
  }
  start[0] = FORMAT;
  start[1] = sum;
  return pieces;
}

/** Reads an index. Returns `undefined` for bytes that are not whole or of another form. They are not copied. */
export function decodeIndex(bytes: Uint8Array): KeptIndex | undefined {
  const { buffer, byteOffset } = bytes;
  if (bytes.length < START_LENGTH || byteOffset % 4 !== 0) return undefined;
  const start = new Uint32Array(buffer, byteOffset, START_LENGTH / 4);
  if (start[0] !== FORMAT) return undefined;
  let at = START_LENGTH;
  const places: { readonly offset: number; readonly length: number }[] = [];
  for (const length of start.subarray(2, 15)) {
    places.push({ offset: byteOffset + at, length });
    at += Math.ceil(length / 4) * 4;
  }
  if (at !== bytes.length || zlib.crc32(bytes.subarray(START_LENGTH)) !== start[1]) return undefined;
  const bytesAt = (number: number) => {
    const { offset = 0, length = 0 } = places[number] ?? {};
    return Buffer.from(buffer, offset, length);
  };
  const numbersAt = (number: number) => {
    const { offset = 0, length = 0 } = places[number] ?? {};
    return new Uint32Array(buffer, offset, length / 4);
  };
  const { offset = 0, length = 0 } = places[5] ?? {};
  return {
    contents: bytesAt(0).toString(),
    index: {
      files: numbersAt(1),
      operations: numbersAt(2),
      requests: numbersAt(3),
      names: numbersAt(4),
      coreWeights: new Float32Array(buffer, offset, length / 4),
      methods: bytesAt(6),
      stems: { starts: numbersAt(7), bytes: bytesAt(8) },
      words: { starts: numbersAt(9), bytes: bytesAt(10) },
      postingStarts: numbersAt(11),
      postings: numbersAt(12),
    },
  };
}
