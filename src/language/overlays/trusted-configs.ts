import { createHash, randomUUID } from "node:crypto";
import { chmodSync, closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { makeFolder } from "../../base/files/make-folder.ts";
import { withoutLinks } from "../../base/path-within.ts";
import { ownerProblem } from "./owner-problem.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration file as it was read. */
export interface ConfigContent {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** `changed`: another content of the file was trusted. */
export type Trust = "trusted" | "changed" | "unknown";

/**
 * Tells whether the user has trusted a file to run commands: this content, in this place. The record is one file per
 * configuration, in the user's folder of data; one that somebody else could have written counts for nothing.
 *
 * @param env the environment of the process: nothing that was found may say where records are
 */
export function trustOf(config: ConfigContent, env: Environment): Trust {
  const record = readRecord(recordFile(config, env));
  if (record === undefined) return "unknown";
  return record === recordOf(config) ? "trusted" : "changed";
}

/**
 * Records that the user trusts a file with its present content.
 *
 * @returns the file of the record
 * @throws Error of the file system
 */
export async function trustConfig(config: ConfigContent, env: Environment): Promise<string> {
  const file = recordFile(config, env);
  const folder = path.dirname(file);
  makeFolder(folder);
  // It may have been there before.
  chmodSync(folder, 0o700);
  const next = `${file}.${randomUUID()}`;
  const handle = await open(next, "wx", 0o600);
  try {
    await handle.writeFile(recordOf(config));
    await handle.close();
    await rename(next, file);
  } catch (error) {
    await handle.close();
    await rm(next, { force: true });
    throw error;
  }
  return file;
}

/**
 * Forgets that a file was trusted.
 *
 * @param file absolute path; nothing has to be there any more
 * @returns whether it was
 */
export async function distrustConfig(file: string, env: Environment): Promise<boolean> {
  const record = recordFile({ file }, env);
  if (readRecord(record) === undefined) return false;
  await rm(record);
  return true;
}

/** Two lines: a hash of the content, and the path, for people. */
function recordOf({ file, text }: ConfigContent): string {
  return `${sha256(text)}\n${placeOf(file)}\n`;
}

function recordFile({ file }: Pick<ConfigContent, "file">, env: Environment): string {
  return path.join(dataFolder(env), "naftiko", "trusted", sha256(placeOf(file)));
}

/**
 * A path by which a file is known: absolute, without symbolic links among its folders. One in place of the file itself
 * counts as a file of its own: its commands run beside it, and not beside what it leads to.
 */
function placeOf(file: string): string {
  return path.join(withoutLinks(path.dirname(file)), path.basename(file));
}

function readRecord(file: string): string | undefined {
  try {
    const descriptor = openSync(file, "r");
    try {
      return ownerProblem(fstatSync(descriptor)) === undefined ? readFileSync(descriptor, "utf8") : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Where programs keep data of a user (XDG Base Directory Specification; on Windows, local application data). */
function dataFolder(env: Environment): string {
  const { XDG_DATA_HOME: data, LOCALAPPDATA: local, HOME: home } = env;
  if (data !== undefined && path.isAbsolute(data)) return data;
  if (process.platform === "win32" && local !== undefined && path.isAbsolute(local)) return local;
  return path.join(home !== undefined && path.isAbsolute(home) ? home : homedir(), ".local", "share");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
