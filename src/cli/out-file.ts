import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { usageError } from "./usage-error.ts";

/** The file of an option: it appears under its name when it is complete, and replaces one that is there. */
export interface OutFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Gives the file its name, and its size. */
  finish(): Promise<number>;
  /** Removes what was written of a file that is not finished. */
  discard(): Promise<void>;
}

/** Which option names the file, and who may read it; as who may read the one that is there, by default. */
export interface OutFileOptions {
  readonly option: "--out" | "--trace-har";
  readonly mode?: number;
}

/**
 * Opens the file of an option, before anything is sent. What is no regular file, such as `/dev/null` or a pipe, is written
 * as it is.
 *
 * @throws CapabilityError `USAGE` where it cannot be written
 */
export async function openOutFile(
  written: string,
  cwd: string,
  { option, mode }: OutFileOptions = { option: "--out" },
): Promise<OutFile> {
  try {
    const asked = path.resolve(cwd, written);
    // A link stays a link: what it points to is replaced.
    const target = await realpath(asked).catch(() => asked);
    const present = await stat(target).catch(() => undefined);
    if (present?.isDirectory()) throw new Error("it is a folder");
    if (present !== undefined && !present.isFile()) return outFile(await open(target, "w"), target, target);
    const folder = path.dirname(target);
    if (!(await stat(folder).catch(() => undefined))?.isDirectory())
      throw new Error(`there is no folder ${folder}`);
    const temporary = `${target}.${randomBytes(4).toString("hex")}.part`;
    return outFile(await open(temporary, "wx", mode ?? present?.mode), temporary, target);
  } catch (error) {
    throw usageError(`Cannot write ${option} ${JSON.stringify(written)}: ${(error as Error).message}`);
  }
}

function outFile(handle: FileHandle, current: string, target: string): OutFile {
  let size = 0;
  let isOpen = true;
  const close = async () => {
    isOpen = false;
    await handle.close();
  };
  return {
    async write(chunk) {
      await handle.writeFile(chunk);
      size += chunk.length;
    },
    async finish() {
      await close();
      if (current !== target) await rename(current, target);
      return size;
    },
    async discard() {
      if (!isOpen) return;
      await close();
      if (current !== target) await rm(current, { force: true });
    },
  };
}
