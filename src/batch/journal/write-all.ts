import { writeSync } from "node:fs";

/**
 * Writes bytes to the end of a file that is open for appending. A nearly full disk takes a part of them at first.
 *
 * @throws Error of the system
 */
export function writeAll(descriptor: number, bytes: Uint8Array, start: number, end: number): void {
  for (let done = start; done < end; ) done += writeSync(descriptor, bytes, done, end - done);
}
