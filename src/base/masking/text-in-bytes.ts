import { CUT } from "./automaton.ts";
import { Reading, Segments } from "./reading.ts";

/** Shortest stretch that is read. Shorter ones are there by chance, and decode to noise. */
const SHORTEST_STRETCH = 8;
/** A stretch is as it was: its characters are those of the bytes. */
const BITS = 8;

/**
 * Reads the text in bytes: stretches of printable ASCII and of UTF-8, without the bytes between them. Most bytes are
 * not text, such as a picture in base64, and not worth decoding further.
 */
export function textInBytes(bytes: Reading): Reading | undefined {
  const { text } = bytes;
  const segments = new Segments();
  const pieces: string[] = [];
  let start = 0;
  let from = 0;
  for (let index = 0; index <= text.length; ) {
    const length = characterLength(text, index);
    if (length > 0) {
      index += length;
      continue;
    }
    if (index - from >= SHORTEST_STRETCH) {
      pieces.push(text.slice(from, index));
      segments.add(start, start + index - from, from, index);
      start += index - from + CUT.length;
    }
    from = ++index;
  }
  return segments.count === 0 ? undefined : new Reading(pieces.join(CUT), bytes, segments, BITS);
}

/** Returns the length of the character that begins at a place, in bytes; 0 if none does. */
function characterLength(bytes: string, place: number): number {
  const first = bytes.charCodeAt(place);
  if ((first >= 0x20 && first < 0x7f) || (first >= 0x09 && first <= 0x0d)) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  for (let index = 1; index < length; index++) if ((bytes.charCodeAt(place + index) & 0xc0) !== 0x80) return 0;
  return first > 0xf4 ? 0 : length;
}
