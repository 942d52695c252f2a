import { access, constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { linkTarget } from "./link-target.ts";
import { removeLeftOvers, temporaryName } from "./temporary-files.ts";

// A new file is written beside the old one, and then takes its name in one step. A reader, and a crash at any moment,
// find the old content or the new one. The content is on the disk before it has the name.

/** A file that appears under its name when it is complete. */
export interface WholeFile {
  write(chunk: Uint8Array | string): Promise<void>;
  /**
   * Gives the file its name.
   *
   * @returns its size in bytes
   */
  finish(): Promise<number>;
  /** Removes the written part of a file that is not finished. */
  discard(): Promise<void>;
}

/** Options for writing a file. */
interface WholeFileOptions {
  /**
   * Permissions of the file. They apply from the first byte on.
   *
   * @default those of the file that it replaces, whose owner is kept too, or those of any new file
   */
  readonly mode?: number | undefined;
  /**
   * Whether this process holds the lock of the file.
   *
   * @default false
   */
  readonly isLocked?: boolean;
}

/**
 * Opens a file for writing. Symbolic links are followed. Anything but a regular file, such as `/dev/null` or a pipe, is
 * written directly.
 *
 * @throws Error with the reason, and the `code` of the system if it has one
 */
export async function openWholeFile(file: string, options: WholeFileOptions = {}): Promise<WholeFile> {
  try {
    const target = await linkTarget(file);
    const present = await stat(target).catch(() => undefined);
    if (present?.isDirectory()) throw new Error("it is a folder");
    if (present !== undefined && !present.isFile()) return wholeFile(await open(target, "w"));
    if (present !== undefined) await requireWritable(target, present.mode);
    const folder = path.dirname(target);
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new Error(`there is no folder ${folder}`);
    await removeLeftOvers(target, options.isLocked ?? false);
    const temporary = temporaryName(target);
    const handle = await open(temporary, "wx", options.mode ?? (present === undefined ? 0o666 : 0o600));
    const keep = async () => {
      if (options.mode !== undefined || present === undefined) return;
      if (present.uid !== process.getuid?.() || present.gid !== process.getgid?.())
        await handle.chown(present.uid, present.gid).catch(() => {});
      await handle.chmod(present.mode & 0o777);
    };
    return wholeFile(handle, { temporary, target, keep });
  } catch (error) {
    throw named(error);
  }
}

/**
 * Writes a file in one step.
 *
 * @returns its size in bytes
 * @throws Error as {@link openWholeFile}
 */
export async function writeWholeFile(
  file: string,
  content: Uint8Array | string,
  options: WholeFileOptions = {},
): Promise<number> {
  const whole = await openWholeFile(file, options);
  try {
    await whole.write(content);
    return await whole.finish();
  } finally {
    await whole.discard();
  }
}

/**
 * Refuses to replace a read-only file. Renaming would replace a file that its owner protects from being written, and
 * for root even one written by mistake.
 */
async function requireWritable(target: string, mode: number): Promise<void> {
  if ((mode & 0o222) === 0) throw new Error("it is read-only");
  await access(target, constants.W_OK);
}

interface Replacing {
  readonly temporary: string;
  readonly target: string;
  /** Gives the new file what the old one has besides its content. */
  readonly keep: () => Promise<void>;
}

/** Returns a file that `replacing` puts in place at the end. Without `replacing`, the file is written directly. */
function wholeFile(handle: FileHandle, replacing?: Replacing): WholeFile {
  let size = 0;
  let isDone = false;
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    async write(chunk) {
      try {
        await handle.writeFile(chunk);
        size += typeof chunk === "string" ? Buffer.byteLength(chunk) : chunk.length;
      } catch (error) {
        throw named(error);
      }
    },
    async finish() {
      try {
        if (replacing !== undefined) {
          await replacing.keep();
          await handle.sync();
        }
        // The file is closed before it gets its name: Windows does not rename open files.
        await close();
        if (replacing !== undefined) await rename(replacing.temporary, replacing.target);
        isDone = true;
        return size;
      } catch (error) {
        throw named(error);
      }
    },
    async discard() {
      if (isDone) return;
      isDone = true;
      await close().catch(() => {});
      if (replacing !== undefined) await rm(replacing.temporary, { force: true }).catch(() => {});
    },
  };
}

/** Shortens the message of an error of the system: the name behind its comma means nothing to the user. */
function named(error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error as Error;
  const [reason = message] = message.split(",", 1);
  return Object.assign(new Error(reason, { cause: error }), { code });
}
