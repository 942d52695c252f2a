import type { Catalogue } from "./catalogue.ts";
import { readOwnFile, writeOwnFile } from "./own-file.ts";

// Texts that are made of a whole catalogue, beside its index. They hold for one generation of it.

/** Returns the text of a name that was kept for a catalogue, in UTF-8. */
export function readKeptText({ place, generation }: Catalogue, name: string): Buffer | undefined {
  const bytes = place === undefined ? undefined : readOwnFile(`${place}.${name}`);
  if (bytes === undefined) return undefined;
  const head = headOf(generation, bytes.length);
  return bytes.subarray(0, head.length).equals(head) ? bytes.subarray(head.length) : undefined;
}

/** Keeps a text for a catalogue, in place of the one of the name. */
export function keepText({ place, generation }: Catalogue, name: string, text: string): void {
  if (place === undefined) return;
  const bytes = Buffer.from(text);
  const { length } = headOf(generation, 0);
  writeOwnFile(`${place}.${name}`, [headOf(generation, length + bytes.length), bytes]);
}

/** Returns the first line: the generation, and the size of the file, which tells whether all of it is there. */
function headOf(generation: string, size: number): Buffer {
  return Buffer.from(`${generation} ${String(size).padStart(12, "0")}\n`);
}
