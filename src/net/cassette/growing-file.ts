import type { FileHandle } from "node:fs/promises";

// A recording grows at its end, so that a call costs the same however many there are. It is whole YAML at each moment,
// also where a process is killed in the middle of a write, or somebody else reads it then. Before a call stands a line
// that is a comment. While the call is written, one byte of it makes it a key, and all that follows the text of that
// key: lines that are indented, however many of them there are.

export const HEADING: string =
  "# Calls recorded by naftiko. *** stands for what was not to be kept.\ninteractions:\n";

const COMMENT = "#: |\n";
const KEY = "x: |\n";
/** What the line is in the end; the same length, without its line break. */
const SEPARATOR = "# --";
const NEWLINE = 10;

/** Whether calls can be added at the end of a recording's text: it is laid out as this file does it. */
export function canGrow(text: string): boolean {
  if (!text.startsWith(`${HEADING}  - `) || !text.endsWith("\n")) return false;
  return !/\n(?! {2}|#|\n|$)/.test(text.slice(HEADING.length));
}

/** A recording's text without a call that was not written to its end. */
export function wholeCalls(text: string): string {
  if (!text.startsWith(HEADING)) return text;
  const unfinished = text.lastIndexOf(`\n${KEY}`);
  return unfinished < 0 ? text : text.slice(0, unfinished + 1);
}

/** Length of added calls without one that was not written to its end; `undefined` for anything else. */
export function addedLength(bytes: Buffer): number | undefined {
  const isAdded = [COMMENT, KEY, `${SEPARATOR}\n`].some(line => bytes.indexOf(line) === 0);
  if (!isAdded || bytes.at(-1) !== NEWLINE) return undefined;
  if (bytes.indexOf(KEY) === 0) return 0;
  const unfinished = bytes.lastIndexOf(`\n${KEY}`);
  return unfinished < 0 ? bytes.length : unfinished + 1;
}

/** What a call needs of a file besides its text, in bytes. */
export const SEPARATOR_BYTES: number = COMMENT.length;

/**
 * Adds the text of a call, at the end of a recording that can grow.
 *
 * @param size of the file, which nobody else writes
 * @throws Error of the system; the file is as it was
 */
export async function addCall(handle: FileHandle, size: number, text: string): Promise<void> {
  try {
    await writeAt(handle, COMMENT, size);
    await writeAt(handle, KEY.slice(0, 1), size);
    await writeAt(handle, text, size + COMMENT.length);
  } catch (error) {
    // A full disk: where not even this helps, what is there is no call for a reader.
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
