import { open, stat } from "node:fs/promises";
import { isatty } from "node:tty";
import type { WholeFile } from "../../base/files/whole-file.ts";
import { TerminalText } from "./terminal-text.ts";

/** Returns a file as it is, or a terminal such as `/dev/tty` as a file that gets no text that steers it. */
export async function terminalFile(path: string, file: WholeFile): Promise<WholeFile> {
  if (!(await isTerminal(path))) return file;
  const text = new TerminalText();
  return {
    write: async chunk => file.write(text.add(typeof chunk === "string" ? Buffer.from(chunk) : chunk)),
    async finish() {
      await file.write(text.end());
      return file.finish();
    },
    discard: () => file.discard(),
  };
}

async function isTerminal(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isCharacterDevice()) return false;
  const handle = await open(path, "w");
  try {
    return isatty(handle.fd);
  } finally {
    await handle.close();
  }
}
