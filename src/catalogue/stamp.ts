import { statSync } from "node:fs";

/**
 * Fields of a file that tell whether it may have changed: times of modification and of status change in milliseconds,
 * size, inode. A change of the content changes the second, which programs cannot set.
 */
export type Stamp = readonly [modified: number, changed: number, size: number, inode: number];

/** Number of fields. */
export const STAMP_LENGTH = 4;

/** Stamp of a file that is not there, or cannot be looked at. */
const ABSENT: Stamp = [0, 0, -1, 0];

/** Stamp of a file that is read anew at the next use: no file has it. */
const UNSETTLED: Stamp = [0, 0, -2, 0];

/** Steps of the clocks of file systems: the finer ones, and those that keep whole seconds, such as FAT. */
const FINE_STEP_MS = 50;
const COARSE_STEP_MS = 2_000;

/** Returns the stamp of a file or folder. Links are followed. */
export function stampOf(file: string): Stamp {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined ? ABSENT : [stats.mtimeMs, stats.ctimeMs, stats.size, stats.ino];
  } catch {
    return ABSENT;
  }
}

/**
 * Returns the stamp to be kept of a file that was read at a time: {@link UNSETTLED} if the file could change once more
 * within the same step of the clock, so that its stamp would stay the same.
 */
export function settled(stamp: Stamp, readAtMs: number): Stamp {
  const [, changed] = stamp;
  const stepMs = changed % 1_000 === 0 ? COARSE_STEP_MS : FINE_STEP_MS;
  return changed > readAtMs - stepMs ? UNSETTLED : stamp;
}

/** Tells whether a stamp is the one at a place of a list of kept stamps. */
export function isSame([modified, changed, size, inode]: Stamp, kept: ArrayLike<number>, at: number): boolean {
  return kept[at] === modified && kept[at + 1] === changed && kept[at + 2] === size && kept[at + 3] === inode;
}
