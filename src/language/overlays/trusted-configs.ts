import { createHash, randomUUID } from "node:crypto";
import { chmodSync, closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Environment } from "../../base/environment.ts";
import { makeFolder } from "../../base/files/make-folder.ts";
import { withoutLinks } from "../../base/path-within.ts";
import { ownerProblem } from "./owner-problem.ts";

/** Configuration file as it was read. */
export interface ConfigContent {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** `changed`: another content of the file was trusted. */
type Trust = "trusted" | "changed" | "unknown";

/**
 * Tells whether the user has trusted a file to run commands: this content, in this place. There is one record for each
 * configuration, in the user's folder of data. A record that another user could have written does not count.
 *
 * @param env the environment of the process, which alone says where records are
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
  // The folder may have existed before.
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
 * @param file absolute path; the file need not exist any more
 * @returns whether it was trusted
 */
export async function distrustConfig(file: string, env: Environment): Promise<boolean> {
  const record = recordFile({ file }, env);
  if (readRecord(record) === undefined) return false;
  await rm(record);
  return true;
}

/** Returns the record of a file: a hash of the content, and a line with the path for people. */
function recordOf({ file, text }: ConfigContent): string {
  return `${sha256(text)}\n${trustedPath(file)}\n`;
}

function recordFile({ file }: Pick<ConfigContent, "file">, env: Environment): string {
  return path.join(dataFolder(env), "naftiko", "trusted", sha256(trustedPath(file)));
}

/**
 * Returns the path that identifies a file: absolute, without symbolic links among its folders. A link in place of the
 * file counts as a file of its own: its commands run beside it, and not beside its target.
 */
function trustedPath(file: string): string {
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

/** Returns the folder for a user's data (XDG Base Directory Specification; on Windows, local application data). */
function dataFolder(env: Environment): string {
  const { XDG_DATA_HOME: data, LOCALAPPDATA: local, HOME: home } = env;
  if (data !== undefined && path.isAbsolute(data)) return data;
  if (process.platform === "win32" && local !== undefined && path.isAbsolute(local)) return local;
  return path.join(home !== undefined && path.isAbsolute(home) ? home : homedir(), ".local", "share");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
