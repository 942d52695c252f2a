import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../../base/capability-error.ts";
import { withFileLock } from "../../../base/files/file-lock.ts";
import { linkTarget } from "../../../base/files/link-target.ts";
import { writeWholeFile } from "../../../base/files/whole-file.ts";
import { isWithin, withoutLinks } from "../../../base/path-within.ts";
import { ioError } from "../io-error.ts";
import { usageError } from "../usage-error.ts";
import { type AddedFolder, lockedPath } from "./added-folder.ts";

/** A file to write. */
export interface PlacedFile {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** Tells why a file may not get another content than it has, as the end of a sentence, or returns `undefined`. */
export type Refusal = (path: string, content: Uint8Array) => string | undefined | Promise<string | undefined>;

/**
 * Writes files. If one may not be replaced, none is written. Files that have the content already stay.
 *
 * @returns whether anything was written
 * @throws CapabilityError `USAGE` for a file that may not be written, `IO_FAILED`
 */
export async function placeFiles(files: readonly PlacedFile[], place: AddedFolder, refusal: Refusal): Promise<boolean> {
  let isChanged = false;
  for (const { file, text } of files) await requirePlace(file, text, place, refusal);
  for (const { file, text } of files) {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await withFileLock(file, async () => {
        // Another process may have written it meanwhile.
        if (!(await requirePlace(file, text, place, refusal))) return;
        await writeWholeFile(file, text, { isLocked: true });
        isChanged = true;
      });
    } catch (error) {
      throw error instanceof CapabilityError ? error : ioError(`write ${file}`, error);
    }
  }
  return isChanged;
}

/** Tells whether a file is to be written, and refuses one that may not be. */
async function requirePlace(file: string, text: string, place: AddedFolder, refusal: Refusal): Promise<boolean> {
  const content = await readAdded(file, place);
  if (content === undefined) return true;
  if (content.equals(Buffer.from(text))) return false;
  const problem = await refusal(lockedPath(file, place), content);
  if (problem !== undefined) throw usageError(`Cannot write ${file}: it ${problem}`);
  return true;
}

/**
 * Reads an added file. Returns `undefined` if it is not there.
 *
 * @throws CapabilityError `USAGE` for a link that leads elsewhere, `IO_FAILED`
 */
export async function readAdded(file: string, { root }: AddedFolder): Promise<Buffer | undefined> {
  try {
    const target = await linkTarget(file);
    if (!isWithin(target, withoutLinks(root))) throw usageError(`${file} leads outside ${root}`);
    return await readFile(target);
  } catch (error) {
    if (error instanceof CapabilityError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw ioError(`read ${file}`, error);
  }
}

/** Returns the SHA-256 of a content as 64 hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
