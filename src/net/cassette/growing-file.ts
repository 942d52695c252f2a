import type { FileHandle } from "node:fs/promises";

// A recording grows at its end, so that the cost of a call does not grow with it. It is valid YAML at each moment, even
// if a process is killed in the middle of a write, or another one reads the file then. The line before each call is a
// comment. While the call is being written, one byte turns that line into a key, and the call into its text: a block of
// indented lines.

/** The beginning of each recording. */
export const HEADING: string = "# Calls recorded by naftiko. *** stands for secrets.\ninteractions:\n";

const COMMENT = "#: |\n";
const KEY = "x: |\n";
/** The final line. It has the same length, without its line break. */
const SEPARATOR = "# --";
const NEWLINE = 10;

/** Returns whether calls can be added at the end of a recording's text: it has the layout of this file. */
export function canGrow(text: string): boolean {
  if (!text.startsWith(`${HEADING}  - `) || !text.endsWith("\n")) return false;
  return !/\n(?! {2}|#|\n|$)/.test(text.slice(HEADING.length));
}

/** Returns a recording's text without an incomplete call. */
export function wholeCalls(text: string): string {
  if (!text.startsWith(HEADING)) return text;
  const unfinished = text.lastIndexOf(`\n${KEY}`);
  return unfinished < 0 ? text : text.slice(0, unfinished + 1);
}

/** Returns the length of added calls without an incomplete one, or `undefined` if the bytes are something else. */
export function addedLength(bytes: Buffer): number | undefined {
  const isAdded = [COMMENT, KEY, `${SEPARATOR}\n`].some(line => bytes.indexOf(line) === 0);
  if (!isAdded || bytes.at(-1) !== NEWLINE) return undefined;
  if (bytes.indexOf(KEY) === 0) return 0;
  const unfinished = bytes.lastIndexOf(`\n${KEY}`);
  return unfinished < 0 ? bytes.length : unfinished + 1;
}

/** Bytes that a call takes besides its text. */
export const SEPARATOR_BYTES: number = COMMENT.length;

/**
 * Adds the text of a call at the end of a recording that can grow.
 *
 * @param size size of the file, to which no other process writes
 * @throws Error of the system; the file is unchanged
 */
export async function addCall(handle: FileHandle, size: number, text: string): Promise<void> {
  try {
    await writeAt(handle, COMMENT, size);
    await writeAt(handle, KEY.slice(0, 1), size);
    await writeAt(handle, text, size + COMMENT.length);
  } catch (error) {
    // The disk may be full. If even this fails, readers skip the incomplete call.
    await handle.truncate(size).catch(() => {});
    throw error;
  }
  await writeAt(handle, SEPARATOR.slice(0, 1), size);
  await writeAt(handle, SEPARATOR.slice(1), size + 1);
}

async function writeAt(handle: FileHandle, text: string, position: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
