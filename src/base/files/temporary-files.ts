import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

/** Age at which a file counts as left over though its process cannot be seen: it may run in another container. */
const LEFT_OVER_AFTER_MS = 60 * 60 * 1000;

const NAME = /^(\d+)\.[0-9a-f]{12}\.tmp$/;

/** Returns a new name beside a file, for the file that will replace it. */
export function temporaryName(target: string): string {
  return `${prefixOf(target)}${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
}

/**
 * Removes the files that processes which ended early have left beside a file. Best effort: a file that cannot be
 * removed stays.
 *
 * @param isLocked whether this process holds the lock of the file, so that no other process writes it
 */
export async function removeLeftOvers(target: string, isLocked: boolean): Promise<void> {
  const folder = path.dirname(target);
  const prefix = path.basename(prefixOf(target));
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(prefix) ? NAME.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid === undefined) continue;
    const file = path.join(folder, name);
    if (isLocked || (await isLeftOver(file, Number(pid)))) await rm(file, { force: true }).catch(() => {});
  }
}

function prefixOf(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.`);
}

async function isLeftOver(file: string, pid: number): Promise<boolean> {
  if (isRunning(pid)) return false;
  const written = await stat(file).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > LEFT_OVER_AFTER_MS;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be asked.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
