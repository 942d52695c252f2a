import type { OutputStream } from "./command-context.ts";
import type { PrintedText } from "./printed-text.ts";

/** Writes, and waits for a reader that is slower than an API: what it has not taken must not fill the memory. */
export async function writeChunk(stdout: OutputStream, data: PrintedText | Uint8Array): Promise<void> {
  if (stdout.write(data) === false) await stdout.written?.();
}
