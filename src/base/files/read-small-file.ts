import { constants, type FileHandle, open } from "node:fs/promises";
import { ioReason } from "../io-reason.ts";
import { fileText } from "./file-text.ts";

/** Largest file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the text of a regular file of at most 1 MiB.
 *
 * @throws Error with the reason why it cannot be read
 */
export async function readSmallFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return fileText(bytes);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function readBytes(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // Without waiting: the other end of a pipe may never come.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error("it is not a file");
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
    throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${ioReason(error)}`, { cause: error });
  } finally {
    await handle?.close();
  }
}
