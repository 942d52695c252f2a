import { existsSync, statSync } from "node:fs";
import process from "node:process";

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
  quickStampOf ??= (isNode20() && quickStamps()) || usualStampOf;
  return quickStampOf(file);
}

let quickStampOf: ((file: string) => Stamp) | undefined;

/**
 * Returns a function that takes stamps without the objects that Node 20 makes of each file, with four dates: they take
 * two thirds of the time, for thousands of files. Later versions make dates when they are asked for. It is checked by the
 * usual way, and `undefined` where it differs or is not there.
 */
function quickStamps(): ((file: string) => Stamp) | undefined {
  try {
    const { stat } = (process as unknown as { binding(name: string): { stat: RawStat } }).binding("fs");
    const quick = (file: string): Stamp => {
      const fields = fieldsOf(stat, file);
      if (fields === undefined) return ABSENT;
      const timeAt = (at: number) => (fields[at] as number) * 1_000 + (fields[at + 1] as number) / 1_000_000;
      return [timeAt(12), timeAt(14), fields[8] as number, fields[7] as number];
    };
    const isRight = isSame(quick(process.execPath), usualStampOf(process.execPath), 0);
    return isRight && quick(`${process.execPath}/none`) === ABSENT ? quick : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(stat: RawStat, file: string): Float64Array | undefined {
  try {
    return stat(file, false, undefined, {});
  } catch {
    return undefined;
  }
}

type RawStat = (file: string, isLarge: false, request: undefined, context: object) => Float64Array | undefined;

function isNode20(): boolean {
  return process.versions.node.startsWith("20.");
}

function usualStampOf(file: string): Stamp {
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

/** Tells whether a file has the stamp that is kept at a place of a list. */
export function isUnchanged(file: string, kept: ArrayLike<number>, at: number = 0): boolean {
  // An error for each file that is missing takes longer than all else.
  if (kept[at + 2] === ABSENT[2]) return !existsSync(file);
  return isSame(stampOf(file), kept, at);
}

/** Tells whether a stamp is the one at a place of a list of kept stamps. */
function isSame([modified, changed, size, inode]: Stamp, kept: ArrayLike<number>, at: number): boolean {
  return kept[at] === modified && kept[at + 1] === changed && kept[at + 2] === size && kept[at + 3] === inode;
}
