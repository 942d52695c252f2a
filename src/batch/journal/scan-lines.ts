import { readSync } from "node:fs";

const CHUNK = 1 << 20;
const LINE_BREAK = 10;

/** Called for each line: it stands from `start` to its line break at `end`, and in the file at `offset`. */
type OnLine = (bytes: Buffer, start: number, end: number, offset: number) => void;

/**
 * Reads the lines of a file from its beginning. The bytes are valid during the call of `onLine` only.
 *
 * @returns the length of all whole lines; the file may have a torn one behind them
 * @throws Error of the system; what `onLine` throws
 */
export function scanLines(descriptor: number, onLine: OnLine): number {
  let bytes = Buffer.allocUnsafe(2 * CHUNK);
  /** Place of the first byte of the buffer in the file, and of the first byte that is not there yet in the buffer. */
  let offset = 0;
  let filled = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
    if (read === 0) return offset;
    const searched = filled;
    filled += read;
    let start = 0;
    // Line breaks are looked for in the new bytes only: a line may be as long as many chunks.
    let end = lineBreak(bytes, searched, filled);
    while (end >= 0) {
      onLine(bytes, start, end, offset + start);
      start = end + 1;
      end = lineBreak(bytes, start, filled);
    }
    bytes.copyWithin(0, start, filled);
    offset += start;
    filled -= start;
    if (filled > bytes.length - CHUNK) bytes = Buffer.concat([bytes.subarray(0, filled)], 2 * bytes.length);
  }
}

function lineBreak(bytes: Buffer, from: number, filled: number): number {
  const place = bytes.indexOf(LINE_BREAK, from);
  return place < filled ? place : -1;
}
