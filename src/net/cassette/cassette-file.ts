import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { CapabilityError } from "../../base/capability-error.ts";
import type { WholeFile } from "../../base/files/whole-file.ts";
import { ioReason } from "../../base/io-reason.ts";
import { parseYaml } from "../../language/document/parse-yaml.ts";
import {
  type Cassette,
  checkCassette,
  type Interaction,
  MAX_CASSETTE_BYTES,
  notRecorded,
} from "./cassette.ts";
import { addCall, addedLength, canGrow, HEADING, SEPARATOR_BYTES, wholeCalls } from "./growing-file.ts";
import { writeInteraction } from "./write-interaction.ts";

/**
 * Reads a file of recorded calls.
 *
 * @throws CapabilityError `NOT_RECORDED` where it cannot be read or is none
 */
export async function readCassette(file: string): Promise<Cassette> {
  try {
    const { size } = await stat(file);
    requireReadable(size);
    return await parseCassette(await readFile(file, "utf8"), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function requireReadable(size: number): void {
  if (size > MAX_CASSETTE_BYTES) throw new Error(`is larger than ${MAX_CASSETTE_BYTES / 1024 / 1024} MiB`);
}

async function parseCassette(text: string, file: string): Promise<Cassette> {
  return checkCassette(await parseYaml(wholeCalls(text), file));
}

function unreadable(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "CAPABILITY_INVALID") return notRecorded(message, { file }, error);
  const reason =
    error instanceof TypeError
      ? `the file ${message}`
      : code === undefined
        ? `it ${message}`
        : ioReason(error);
  return notRecorded(`Cannot read recorded calls from ${file}: ${reason}`, { file }, error);
}

/** What was seen of the file: others may add to it since, or put another in its place. */
interface Seen {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
}

/** How a file is written. */
interface CassetteFileOptions {
  /** Whether the calls that the file has stay in it. */
  readonly append: boolean;
}

/**
 * A file that grows by one call at a time, also where several processes add to it. Whoever makes it anew replaces it with
 * its first call, and from then on finds out that another one has done so too.
 */
export class CassetteFile {
  readonly #file: string;
  readonly #append: boolean;
  #seen: Seen | undefined;

  /**
   * Looks at the file before anything is sent: a call must not be made that cannot be recorded. What is there stays until
   * one is.
   *
   * @throws CapabilityError `NOT_RECORDED`
   */
  static async create(file: string, { append }: CassetteFileOptions): Promise<CassetteFile> {
    const cassette = new CassetteFile(file, append);
    await cassette.#alone(async () => {
      const read = async (handle: FileHandle) => {
        await cassette.#read(handle);
        return true;
      };
      const isThere = append && (await cassette.#withFile(read));
      if (!isThere) await (await openWhole(file)).discard();
    });
    return cassette;
  }

  private constructor(file: string, append: boolean) {
    this.#file = file;
    this.#append = append;
  }

  /**
   * Adds a call; it is in the file when the promise resolves, however the process ends then.
   *
   * @param signal ends the wait for other processes
   * @throws CapabilityError `NOT_RECORDED`; the signal's reason
   */
  async add(interaction: Interaction, signal?: AbortSignal): Promise<void> {
    const text = await writeInteraction(interaction);
    await this.#alone(async () => {
      const isAdded =
        (this.#append || this.#seen !== undefined) &&
        (await this.#withFile(handle => this.#addTo(handle, text)));
      if (isAdded) return;
      if (this.#seen !== undefined && !this.#append) throw new Error("it has been removed meanwhile");
      await this.#make(HEADING + text);
    }, signal);
  }

  async #alone(action: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    const { withFileLock } = await import("../../base/files/file-lock.ts");
    try {
      await withFileLock(this.#file, action, { signal });
    } catch (error) {
      if (error instanceof CapabilityError || signal?.aborted) throw error;
      throw notRecorded(`Cannot record to ${this.#file}: ${ioReason(error)}`, { file: this.#file }, error);
    }
  }

  /** @returns `false` where there is no file */
  async #withFile(action: (handle: FileHandle) => Promise<boolean>): Promise<boolean> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file, "r+");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
    try {
      return await action(handle);
    } finally {
      await handle.close();
    }
  }

  async #addTo(handle: FileHandle, text: string): Promise<boolean> {
    const end = await this.#endOf(handle);
    if (end === undefined) {
      const kept: string[] = [];
      for (const interaction of (await this.#read(handle)).interactions)
        kept.push(await writeInteraction(interaction));
      await this.#make([HEADING, ...kept, text].join(""));
      return true;
    }
    this.#requireRoom(end + SEPARATOR_BYTES + Buffer.byteLength(text));
    await handle.truncate(end);
    await addCall(handle, end, text);
    this.#seen = await handle.stat();
    return true;
  }

  /**
   * Where the next call goes. What others have added since the last one is looked at, and nothing else, so that a call
   * does not cost more the longer the recording is.
   *
   * @returns `undefined` where the file has to be laid out anew
   */
  async #endOf(handle: FileHandle): Promise<number | undefined> {
    const { dev, ino, size } = await handle.stat();
    const seen = this.#seen;
    const isSame = seen !== undefined && seen.dev === dev && seen.ino === ino && seen.size <= size;
    if (!isSame && !this.#append) throw new Error("another recording has replaced it meanwhile");
    if (isSame) {
      if (seen.size === size) return size;
      const { buffer } = await handle.read(Buffer.alloc(size - seen.size), 0, size - seen.size, seen.size);
      const added = addedLength(buffer);
      if (added !== undefined) return seen.size + added;
    }
    const { text } = await this.#read(handle);
    // For the owner alone: an answer may hold what no list of names knows.
    await handle.chmod(0o600).catch(() => {});
    return canGrow(text) ? Buffer.byteLength(text) : undefined;
  }

  async #read(handle: FileHandle): Promise<Cassette & { readonly text: string }> {
    try {
      const { size } = await handle.stat();
      requireReadable(size);
      const { buffer } = await handle.read(Buffer.alloc(size), 0, size, 0);
      const text = wholeCalls(buffer.toString("utf8"));
      return { ...(await parseCassette(text, this.#file)), text };
    } catch (error) {
      throw unreadable(this.#file, error);
    }
  }

  async #make(text: string): Promise<void> {
    this.#requireRoom(Buffer.byteLength(text));
    const whole = await openWhole(this.#file);
    try {
      await whole.write(text);
      await whole.finish();
    } finally {
      await whole.discard();
    }
    this.#seen = await stat(this.#file);
  }

  #requireRoom(bytes: number): void {
    if (bytes <= MAX_CASSETTE_BYTES) return;
    throw new Error(`it would be larger than ${MAX_CASSETTE_BYTES / 1024 / 1024} MiB`);
  }
}

async function openWhole(file: string): Promise<WholeFile> {
  const { openWholeFile } = await import("../../base/files/whole-file.ts");
  return openWholeFile(file, { mode: 0o600, isLocked: true });
}
