import { closeSync, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import type { NamedContent } from "../../engine/request/binary-value.ts";

/** A regular file that is read when it is sent. */
class FileContent implements NamedContent {
  readonly name: string;
  readonly size: number;
  readonly #file: string;
  readonly #stats: Stats;

  constructor(file: string, stats: Stats) {
    this.name = path.basename(file);
    this.size = stats.size;
    this.#file = file;
    this.#stats = stats;
  }

  /** @throws Error where the file is not the one that was opened any longer, or changes meanwhile */
  async *stream(): AsyncGenerator<Uint8Array> {
    const handle = await open(this.#file);
    try {
      this.#requireSame(await handle.stat());
      // One byte more than there should be tells a file that grows.
      yield* handle.createReadStream({ autoClose: false, end: this.size });
      this.#requireSame(await handle.stat());
    } finally {
      await handle.close();
    }
  }

  #requireSame({ size, mtimeMs, ino }: Stats): void {
    const { mtimeMs: mtimeBefore, ino: inoBefore } = this.#stats;
    if (size !== this.size || mtimeMs !== mtimeBefore || ino !== inoBefore)
      throw new Error(`${this.name} has changed since the call began`);
  }
}

/**
 * Opens a file for a body: content for a regular file, the bytes of anything else, such as a pipe.
 *
 * @throws Error of Node if it cannot be read
 */
export function openContent(file: string): FileContent | Buffer {
  const descriptor = openSync(file, "r");
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() ? new FileContent(file, stats) : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
