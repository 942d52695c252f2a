import type { OutputStream } from "./command-context.ts";
import { type PrintedText, printData } from "./printed-text.ts";
import { writeChunk } from "./write-chunk.ts";

/** Characters after which texts that arrive together are written: all of them may be longer than a text can be. */
const LONGEST_WRITE = 64 * 1024;

/** Writes texts that arrive together at once, as they are. Those before one that cannot be made are written too. */
export async function writeTogether(texts: Iterable<PrintedText>, stdout: OutputStream): Promise<void> {
  let waiting: PrintedText[] = [];
  let length = 0;
  const flush = async () => {
    // No text is put into another form: each was made for this stream.
    const whole = waiting.join("");
    waiting = [];
    length = 0;
    if (whole !== "") await writeChunk(stdout, printData(whole, {}));
  };
  try {
    for (const text of texts) {
      waiting.push(text);
      length += text.length;
      if (length > LONGEST_WRITE) await flush();
    }
  } finally {
    await flush();
  }
}
