import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import path from "node:path";
import { makeFolder } from "../base/files/make-folder.ts";
import { uniqueText } from "./unique-text.ts";

// Files of the user's cache folder. What somebody else could have written is not read: it decides what a name calls.

/** A file that is open for reading, and its size. */
export interface OpenFile {
  readonly descriptor: number;
  readonly size: number;
}

/**
 * Opens a file that only this user can have written, in a folder that only this user can write to. Returns `undefined`
 * if there is none.
 */
export function openOwnFile(file: string): OpenFile | undefined {
  try {
    if (!isOwnFolder(path.dirname(file))) return undefined;
    // A link is not followed, and a pipe not waited for. Windows has neither flag.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (stats.isFile() && isOwn(stats)) return { descriptor, size: stats.size };
    closeSync(descriptor);
  } catch {}
  return undefined;
}

/** Reads a part of a file. The rest of what is returned is zero where the file is shorter. */
export function readPart({ descriptor }: OpenFile, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const count = readSync(descriptor, bytes, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return bytes;
}

/** Reads a whole file, as {@link openOwnFile} opens it. */
export function readOwnFile(file: string): Buffer | undefined {
  const open = openOwnFile(file);
  if (open === undefined) return undefined;
  try {
    return readPart(open, 0, open.size);
  } finally {
    closeSync(open.descriptor);
  }
}

/**
 * Writes a file in one step, in a folder of the user's own, which is made if it is missing. Readers, and processes that
 * write the same file, find one content or the other.
 *
 * @returns whether it is written. Nothing is left behind if not
 */
export function writeOwnFile(file: string, content: readonly Uint8Array[]): boolean {
  const temporary = `${file}.${uniqueText()}.tmp`;
  const folder = path.dirname(file);
  let descriptor: number | undefined;
  try {
    // Users of services have homes that do not exist, and are not to get one.
    if (!existsSync(path.resolve(folder, "../../.."))) return false;
    makeFolder(folder);
    if (!isOwnFolder(folder)) return false;
    descriptor = openSync(temporary, "wx", 0o600);
    for (const bytes of content) writeWhole(descriptor, bytes);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, file);
    return true;
  } catch {
    if (descriptor !== undefined) closeSync(descriptor);
    removeFile(temporary);
    return false;
  }
}

/** Removes a file, if it is there and can be removed. */
export function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

/** Tells whether a folder, and that above it, are folders that only this user can write to. */
function isOwnFolder(folder: string): boolean {
  return [path.dirname(folder), folder].every(place => {
    const stats = lstatSync(place);
    return stats.isDirectory() && isOwn(stats);
  });
}

/** Tells whether only this user can write to a file. On Windows its folder says so, which is in the user's own. */
function isOwn({ uid, mode }: Stats): boolean {
  return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o022) === 0);
}
