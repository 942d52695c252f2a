import zlib from "node:zlib";

// A line of a journal is a checksum of the rest (8 hexadecimal digits), a word for its kind, for a row its status, and
// JSON, with a space between each:
//
//     1c291ca3 run {"version":1,…}
//     8f2e9a00 done 200 {"row":1,…}
//     5bd0e2c1 failed NETWORK {"row":2,…}
//     0d1f33aa end {"rows":2}
//
// The JSON of a row is its line of the output, byte for byte. It is found, and the row's number read, without being parsed.

/** Kinds of lines, by their first letter. */
type LineKind = "run" | "done" | "failed" | "end";

/** Bytes before the kind: the checksum and a space. */
export const CHECKSUM_BYTES = 9;

const SPACE = 0x20;
/** Length of `{"row":`. The checksum tells that it is there. */
const BEFORE_NUMBER = 7;

/** A line that was read; `json` is the place of its JSON in the bytes that were given. */
type JournalLine =
  | { readonly kind: "run"; readonly json: number }
  | { readonly kind: "end"; readonly json: number }
  | { readonly kind: "done" | "failed"; readonly json: number; readonly row: number; readonly status: string };

/** Writes the checksum of a line in front of it. `end` is that of its line break, which the checksum leaves out. */
export function writeChecksum(bytes: Buffer, start: number, end: number): void {
  let rest = zlib.crc32(bytes.subarray(start + CHECKSUM_BYTES, end));
  for (let place = start + CHECKSUM_BYTES - 2; place >= start; place--) {
    bytes[place] = DIGITS.charCodeAt(rest & 15);
    rest >>>= 4;
  }
  bytes[start + CHECKSUM_BYTES - 1] = SPACE;
}

const DIGITS = "0123456789abcdef";

/** Returns a line with its checksum and line break. */
export function journalLine(kind: "run" | "end", json: string): Buffer {
  const bytes = Buffer.from(`${" ".repeat(CHECKSUM_BYTES)}${kind} ${json}\n`);
  writeChecksum(bytes, 0, bytes.length - 1);
  return bytes;
}

/** Reads the line from `start` to its line break at `end`. Returns `undefined` if it is damaged. */
export function readJournalLine(bytes: Buffer, start: number, end: number): JournalLine | undefined {
  const text = start + CHECKSUM_BYTES;
  if (text >= end || checksumAt(bytes, start) !== zlib.crc32(bytes.subarray(text, end))) return undefined;
  const kind = KINDS.get(bytes[text] ?? 0);
  if (kind === undefined) return undefined;
  const kindEnd = text + kind.length;
  if (kind === "run") return { kind, json: kindEnd + 1 };
  if (kind === "end") return { kind, json: kindEnd + 1 };
  let statusEnd = kindEnd + 1;
  while (statusEnd < end && bytes[statusEnd] !== SPACE) statusEnd++;
  const json = statusEnd + 1;
  const row = numberAt(bytes, json + BEFORE_NUMBER);
  return row > 0 ? { kind, json, row, status: bytes.toString("latin1", kindEnd + 1, statusEnd) } : undefined;
}

const KINDS = new Map<number, LineKind>(
  (["run", "done", "failed", "end"] as const).map(kind => [kind.charCodeAt(0), kind]),
);

/** Returns the checksum in front of a line, or -1 if there is none. */
function checksumAt(bytes: Buffer, start: number): number {
  let sum = 0;
  for (let place = start; place < start + CHECKSUM_BYTES - 1; place++) {
    const digit = digitOf(bytes[place] ?? 0);
    if (digit < 0) return -1;
    sum = sum * 16 + digit;
  }
  return sum;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

function numberAt(bytes: Buffer, start: number): number {
  let number = 0;
  for (let place = start; ; place++) {
    const digit = (bytes[place] ?? 0) - 48;
    if (digit < 0 || digit > 9) return Number.isSafeInteger(number) ? number : 0;
    number = number * 10 + digit;
  }
}
