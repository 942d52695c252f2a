import { stat } from "node:fs/promises";

/** The states of files: equal for the same files if none of them has changed. */
export type Stamps = string;

/**
 * Returns the states of files. Links are followed, so that a file is another when a link on its way leads elsewhere, as
 * those of Kubernetes do.
 */
export async function stampsOf(files: readonly string[]): Promise<Stamps> {
  return (await Promise.all(files.map(stampOf))).join("\n");
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino, dev } = await stat(file, { bigint: true });
    return `${file} ${mtimeNs} ${ctimeNs} ${size} ${ino} ${dev}`;
  } catch {
    return `${file} absent`;
  }
}

/** Tells when files have changed, and are no longer being written. */
export class SettledChange {
  /** State that was acted on last. */
  #known: Stamps;
  #pending: Stamps | undefined;

  constructor(known: Stamps) {
    this.#known = known;
  }

  /** Gives whether files have changed since the last time that it did, and are as they were at the last look. */
  look(stamps: Stamps): boolean {
    if (stamps === this.#known) {
      this.#pending = undefined;
      return false;
    }
    const isSettled = stamps === this.#pending;
    this.#pending = stamps;
    if (isSettled) this.#known = stamps;
    return isSettled;
  }
}
