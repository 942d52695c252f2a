import { CUT } from "./automaton.ts";
import { Reading, readReplaced, Segments } from "./reading.ts";

// Encodings of bytes as other characters. The bytes are read as Latin-1; the decoders of escapes read UTF-8 in them. A
// secret may begin anywhere in the bytes, behind any run of characters, so each alignment is read.

/** Wrapping of a long run of base64: line breaks and the blanks around them. */
const LINE_BREAK = /(?<=[\w+/-])[ \t]*(?:\r\n?|\n)(?:\+{2,}|[ \t]*)(?=[\w+/-])/g;
const BASE64 = /[\w+/-]{6,}={0,2}/g;
const HEX = /[0-9a-fA-F]{8,}/g;
const HEX_LIST = /(?<![0-9a-fA-F])(?:0x)?[0-9a-fA-F]{2}(?:[\s:,-]{1,4}(?:0x)?[0-9a-fA-F]{2}(?![0-9a-fA-F])){3,9999}/g;
/**
 * Decimal numbers of bytes; also one a line, as in YAML, and each with its index, as `JSON.stringify` writes a
 * `Uint8Array`.
 */
const DECIMAL_LIST = /(?<![\d"])\d{1,3}(?:[\s,;]{1,80}(?:- )?(?:"\d{1,7}":\s?)?\d{1,3}(?![\d"])){3,9999}/g;

/** Returns every reading of a text as at least four bytes. */
export function readBytes(source: Reading): Reading[] {
  const joined = readReplaced(source, LINE_BREAK, () => "") ?? source;
  return [
    ...readRuns(joined, BASE64, { encoding: "base64", bits: 6, shifts: [0, 1, 2, 3] }),
    ...readRuns(source, HEX, { encoding: "hex", bits: 4, shifts: [0, 1] }),
    ...readList(source, HEX_LIST, /[0-9a-fA-F]{2}/g, 16),
    ...readList(source, DECIMAL_LIST, /(?<!["\d])\d+(?!["\d])/g, 10),
  ];
}

interface Packing {
  readonly encoding: "base64" | "hex";
  /** Bits that one character holds. */
  readonly bits: number;
  /** Numbers of characters to skip at the beginning of a run. */
  readonly shifts: readonly number[];
}

function readRuns(source: Reading, pattern: RegExp, { encoding, bits, shifts }: Packing): Reading[] {
  const runs = [...source.text.matchAll(pattern)];
  if (runs.length === 0) return [];
  return shifts.map(shift => {
    const segments = new Segments();
    const pieces: string[] = [];
    let start = 0;
    for (const { 0: run, index } of runs) {
      const bytes = Buffer.from(run.slice(shift), encoding).toString("latin1");
      segments.add(start, start + bytes.length, index + shift, index + run.length);
      pieces.push(bytes);
      start += bytes.length + CUT.length;
    }
    return new Reading(pieces.join(CUT), source, segments, bits);
  });
}

/** Reads a list of bytes that are written as numbers. */
function readList(source: Reading, pattern: RegExp, item: RegExp, radix: number): Reading[] {
  const segments = new Segments();
  let text = "";
  for (const { 0: list, index: start } of source.text.matchAll(pattern)) {
    for (const { 0: digits, index } of list.matchAll(item)) {
      const code = Number.parseInt(digits, radix);
      const from = start + index;
      segments.add(text.length, text.length + 1, from, from + digits.length);
      text += code > 0xff ? CUT : String.fromCharCode(code);
    }
    text += CUT;
  }
  return segments.count === 0 ? [] : [new Reading(text, source, segments)];
}
