import { open, stat } from "node:fs/promises";
import path from "node:path";
import { isatty } from "node:tty";
import type { WholeFile } from "../../base/files/whole-file.ts";
import { ioReason } from "../../base/io-reason.ts";
import { ioError } from "./io-error.ts";
import { TerminalText } from "./terminal-text.ts";
import { usageError } from "./usage-error.ts";

/** Option that names the file, and the permissions of the file; by default those of the file that is there. */
interface OutFileOptions {
  readonly option: "--out" | "--trace-har";
  readonly mode?: number;
}

/**
 * Opens the file of an option, before anything is sent. A terminal gets no text that steers it.
 *
 * @throws CapabilityError `USAGE` where it cannot be opened; `IO_FAILED` where what came of the call cannot be written
 */
export async function openOutFile(
  written: string,
  cwd: string,
  { option, ...permissions }: OutFileOptions = { option: "--out" },
): Promise<WholeFile> {
  const what = `write ${option} ${JSON.stringify(written)}`;
  const file = path.resolve(cwd, written);
  try {
    const { openWholeFile } = await import("../../base/files/whole-file.ts");
    const opened = await openWholeFile(file, permissions);
    return explained(await terminalFile(file, opened), what);
  } catch (error) {
    throw usageError(`Cannot ${what}: ${ioReason(error)}`);
  }
}

/**
 * Writes a text to the file of `--out`.
 *
 * @throws CapabilityError as {@link openOutFile}
 */
export async function writeOutFile(written: string, text: string, cwd: string): Promise<void> {
  const file = await openOutFile(written, cwd);
  try {
    await file.write(text);
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** Explains failures of a file. A file that cannot be written once it is open is not a mistake of the command line. */
function explained(file: WholeFile, what: string): WholeFile {
  const explain = (error: unknown): never => {
    throw ioError(what, error);
  };
  return {
    write: chunk => file.write(chunk).catch(explain),
    finish: () => file.finish().catch(explain),
    discard: () => file.discard(),
  };
}

/** Returns a file as it is, or a terminal such as `/dev/tty` as a file that gets no text that steers it. */
async function terminalFile(name: string, file: WholeFile): Promise<WholeFile> {
  if (!(await isTerminal(name))) return file;
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

async function isTerminal(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isCharacterDevice()) return false;
  const handle = await open(file, "w");
  try {
    return isatty(handle.fd);
  } finally {
    await handle.close();
  }
}
