import { statSync } from "node:fs";
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
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined ? ABSENT : [stats.mtimeMs, stats.ctimeMs, stats.size, stats.ino];
  } catch {
    return ABSENT;
  }
}

/** Tells whether a file has the stamp that was kept. */
export function isUnchanged(file: string, kept: ArrayLike<number>, at: number = 0): boolean {
  const [modified, changed, size, inode] = stampOf(file);
  return kept[at] === modified && kept[at + 1] === changed && kept[at + 2] === size && kept[at + 3] === inode;
}

/** Finds the places of the files that have no longer the stamps that were kept, {@link STAMP_LENGTH} numbers for each. */
export function changedPlaces(files: readonly string[], kept: Float64Array): number[] {
  const stat = rawStat();
  const changed: number[] = [];
  for (let place = 0; place < files.length; place++) {
    const file = files[place] as string;
    const at = place * STAMP_LENGTH;
    // An error for each file that is missing would take longer than all else.
    const isSame =
      stat === undefined || kept[at + 2] === ABSENT[2] ? isUnchanged(file, kept, at) : hasFields(stat, file, kept, at);
    if (!isSame) changed.push(place);
  }
  return changed;
}

/** The system's fields of a file, as Node's own code gets them: the same array each time. */
type RawStat = (file: string, isLarge: false, request: undefined, context: object) => Float64Array;

const CONTEXT = {};

function hasFields(stat: RawStat, file: string, kept: Float64Array, at: number): boolean {
  try {
    const fields = stat(file, false, undefined, CONTEXT);
    return (
      (fields[8] as number) === kept[at + 2] &&
      (fields[7] as number) === kept[at + 3] &&
      (fields[14] as number) * 1_000 + (fields[15] as number) / 1_000_000 === kept[at + 1] &&
      (fields[12] as number) * 1_000 + (fields[13] as number) / 1_000_000 === kept[at]
    );
  } catch {
    return false;
  }
}

/**
 * Returns the function of Node 20 that its `statSync` is made of. That makes an object with four dates of each file,
 * which takes two thirds of the time where there are thousands; later versions make dates when they are asked for. It is
 * tried with a file that is there, and `undefined` where it tells anything else than `statSync`.
 */
function rawStat(): RawStat | undefined {
  if (!process.versions.node.startsWith("20.")) return undefined;
  try {
    const { stat } = (process as unknown as { binding(name: string): { stat: RawStat } }).binding("fs");
    const kept = Float64Array.from(stampOf(process.execPath));
    return hasFields(stat, process.execPath, kept, 0) ? stat : undefined;
  } catch {
    return undefined;
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
