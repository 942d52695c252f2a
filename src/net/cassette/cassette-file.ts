import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { CapabilityError } from "../../base/capability-error.ts";
import { fileText } from "../../base/files/file-text.ts";
import type { WholeFile } from "../../base/files/whole-file.ts";
import { ioReason } from "../../base/io-reason.ts";
import { parseYaml } from "../../language/document/parse-yaml.ts";
import { type Cassette, checkCassette, type Interaction, MAX_CASSETTE_BYTES, notRecorded } from "./cassette.ts";
import { addCall, addedLength, canGrow, HEADING, SEPARATOR_BYTES, wholeCalls } from "./growing-file.ts";
import { writeInteraction } from "./write-interaction.ts";

/**
 * Reads a file of recorded calls.
 *
 * @throws CapabilityError `NOT_RECORDED` if it cannot be read or is something else
 */
export async function readCassette(file: string): Promise<Cassette> {
  try {
    const { size } = await stat(file);
    requireReadable(size);
    return await parseCassette(fileText(await readFile(file)), file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function requireReadable(size: number): void {
  if (size > MAX_CASSETTE_BYTES) throw new Error(`is larger than ${MAX_CASSETTE_BYTES / 1024 / 1024} MiB`);
}

async function parseCassette(text: string, file: string): Promise<Cassette> {
  return checkCassette(await parseYaml(wholeCalls(text), file, "written"));
}

function unreadable(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "CAPABILITY_INVALID") return notRecorded(message, { file }, error);
  const reason =
    error instanceof TypeError ? `the file ${message}` : code === undefined ? `it ${message}` : ioReason(error);
  return notRecorded(`Cannot read recorded calls from ${file}: ${reason}`, { file }, error);
}

/** The last known state of the file. Other processes may have added to it since, or replaced it. */
interface Seen {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
}

/** Settings of a file. */
interface CassetteFileOptions {
  /** Whether the calls that the file has stay in it. */
  readonly append: boolean;
}

/**
 * A file that grows by one call at a time, even if several processes add to it. A recording that does not append replaces
 * the file with its first call, and notices later if another recording has replaced it too.
 */
export class CassetteFile {
  readonly #file: string;
  readonly #append: boolean;
  #seen: Seen | undefined;

  /**
   * Checks the file before anything is sent: a call that cannot be recorded must not be made. The file stays unchanged
   * until then.
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
   * Adds a call. It is in the file when the promise resolves, even if the process is killed then.
   *
   * @param signal ends the wait for other processes
   * @throws CapabilityError `NOT_RECORDED`; the signal's reason
   */
  async add(interaction: Interaction, signal?: AbortSignal): Promise<void> {
    const text = await writeInteraction(interaction);
    await this.#alone(async () => {
      const isAdded =
        (this.#append || this.#seen !== undefined) && (await this.#withFile(handle => this.#addTo(handle, text)));
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

  /** Opens the file for an action. @returns `false` if there is no file */
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
      for (const interaction of (await this.#read(handle)).interactions) kept.push(await writeInteraction(interaction));
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
   * Returns the position of the next call. Only the part that others have added since the last call is read, so that the
   * cost of a call does not grow with the recording.
   *
   * @returns `undefined` if the file has to be written anew
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
    // Only for the owner: an answer may contain secrets that no list of names knows.
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
