import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { type FileHandle, mkdtemp, open, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { ioReason } from "../../base/io-reason.ts";
import type { RowOrigin } from "./row-source.ts";
import { rowsInvalid } from "./rows-error.ts";

/** Bytes that are read at once. */
const PIECE_BYTES = 256 * 1024;

/** Bytes of a source of rows. */
export type RowBytes = StreamedBytes | KeptBytes;

/** Bytes that can be read once. */
interface StreamedBytes {
  readonly kind: "streamed";
  readonly name: string;
  readonly pieces: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens where rows come from. A pipe is read like standard input.
 *
 * @throws CapabilityError `ROW_INVALID` if there is no such file, `IO_FAILED`
 */
export async function openBytes(origin: RowOrigin, isKept: boolean): Promise<RowBytes> {
  if (origin.kind === "standard input") {
    const name = "standard input";
    if (isKept) return keep(name, origin.stream);
    return { kind: "streamed", name, pieces: origin.stream, async close() {} };
  }
  const { path: file } = origin;
  const stats = await attempt(file, () => stat(file));
  if (stats.isDirectory()) throw rowsInvalid(file, "is a folder: name a file");
  if (stats.isFile()) return new KeptBytes(file, await attempt(file, () => open(file, "r")));
  if (isKept) return keep(file, createReadStream(file));
  const pieces = createReadStream(file, { highWaterMark: PIECE_BYTES });
  return {
    kind: "streamed",
    name: file,
    pieces,
    async close() {
      pieces.destroy();
    },
  };
}

async function attempt<Value>(file: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw rowsInvalid(file, `cannot be opened: ${ioReason(error)}`, {}, error);
  }
}

/** Writes a stream to a temporary file, which other users cannot read. */
async function keep(name: string, stream: AsyncIterable<Uint8Array>): Promise<KeptBytes> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "naftiko-rows-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  let handle: FileHandle | undefined;
  try {
    handle = await open(path.join(folder, "rows"), "wx+", 0o600);
    for await (const piece of stream) await handle.writeFile(piece);
  } catch (error) {
    await handle?.close();
    await remove();
    throw ioFailed(`Cannot keep the rows of ${name} in ${folder}`, error);
  }
  // An open file stays without its name, and leaves nothing behind when this process is killed; Windows keeps the name.
  await remove().catch(() => {});
  return new KeptBytes(name, handle, remove);
}

/** Bytes of a file, which are the same each time they are read. */
class KeptBytes {
  readonly kind = "kept";
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #remove: (() => Promise<void>) | undefined;
  /** Hash of the bytes up to the end of each piece. */
  readonly #digests: Buffer[] = [];
  #size = 0;

  constructor(name: string, handle: FileHandle, remove?: () => Promise<void>) {
    this.name = name;
    this.#handle = handle;
    this.#remove = remove;
  }

  /** SHA-256 of the bytes in hex, once {@link first} has given all of them. */
  get hash(): string {
    return this.#digests.at(-1)?.toString("hex") ?? "";
  }

  /** Reads the bytes for the first time, and remembers their hash. Only what the file has at the start is read. */
  async *first(): AsyncGenerator<Buffer, void, undefined> {
    this.#size = (await this.#stats()).size;
    const hash = createHash("sha256");
    this.#digests.length = 0;
    if (this.#size === 0) this.#digests.push(hash.copy().digest());
    for await (const piece of this.#pieces()) {
      this.#digests.push(hash.update(piece).copy().digest());
      yield piece;
    }
  }

  /**
   * Reads the bytes again.
   *
   * @throws CapabilityError `ROW_INVALID` in place of bytes that are not those of the first time
   */
  async *again(): AsyncGenerator<Buffer, void, undefined> {
    const hash = createHash("sha256");
    let index = 0;
    for await (const piece of this.#pieces()) {
      const digest = hash.update(piece).copy().digest();
      if (!this.#digests[index++]?.equals(digest)) throw this.#changed();
      yield piece;
    }
    if (index < this.#digests.length && this.#size > 0) throw this.#changed();
  }

  /** Returns the bytes that the file has grown by since it was opened. */
  async grown(): Promise<number> {
    return Math.max(0, (await this.#stats()).size - this.#size);
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#remove?.();
  }

  #changed(): CapabilityError {
    return rowsInvalid(this.name, "was changed while it was read: no row after the change was sent");
  }

  #stats(): Promise<Stats> {
    return this.#handle.stat();
  }

  async *#pieces(): AsyncGenerator<Buffer, void, undefined> {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = 0; position < this.#size; ) {
      const length = await this.#fill(buffer, position);
      if (length === 0) return;
      position += length;
      yield buffer.subarray(0, length);
    }
  }

  /** Fills the buffer: pieces have to have the same ends each time. */
  async #fill(buffer: Buffer, position: number): Promise<number> {
    const wanted = Math.min(buffer.length, this.#size - position);
    let length = 0;
    while (length < wanted) {
      const { bytesRead } = await this.#handle
        .read(buffer, length, wanted - length, position + length)
        .catch((error: unknown) => {
          throw ioFailed(`Cannot read rows of ${this.name}`, error);
        });
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length;
  }
}

function ioFailed(what: string, error: unknown): CapabilityError {
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  return new CapabilityError("IO_FAILED", {
    message: `${what}: ${ioReason(error)}`,
    details: { reason: code },
    cause: error,
  });
}
