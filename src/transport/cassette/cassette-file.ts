import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { parseYaml } from "../../document/parse-yaml.ts";
import { type Cassette, checkCassette, type Interaction, MAX_CASSETTE_BYTES } from "./cassette.ts";
import { notRecorded } from "./not-recorded.ts";
import { writeInteraction } from "./write-interaction.ts";

const HEADING = "# Calls recorded by naftiko. *** stands for what was not to be kept.\ninteractions:\n";

/**
 * Reads a file of recorded calls.
 *
 * @throws CapabilityError `NOT_RECORDED` where it cannot be read or is none
 */
export async function readCassette(file: string): Promise<Cassette> {
  try {
    const { size } = await stat(file);
    if (size > MAX_CASSETTE_BYTES) throw new Error(`is larger than ${MAX_CASSETTE_BYTES / 1024 / 1024} MiB`);
    return checkCassette(await parseYaml(await readFile(file, "utf8"), file));
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The calls that a file has; none where there is no file. */
export async function readKeptCalls(file: string): Promise<readonly Interaction[]> {
  try {
    await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
  }
  return (await readCassette(file)).interactions;
}

function unreadable(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "CAPABILITY_INVALID") return notRecorded(message, { file }, error);
  const reason =
    error instanceof TypeError ? `the file ${message}` : code === undefined ? `it ${message}` : code;
  return notRecorded(`Cannot read recorded calls from ${file}: ${reason}`, { file }, error);
}

/** A file that grows by one call at a time; what was there is replaced as a whole, so that no reader sees half of it. */
export class CassetteFile {
  readonly #file: string;
  readonly #entries: string[] = [];
  #length = HEADING.length;
  #writing: Promise<void> = Promise.resolve();

  /** @param kept calls that stay in front */
  static async create(file: string, kept: readonly Interaction[]): Promise<CassetteFile> {
    const cassette = new CassetteFile(file);
    for (const interaction of kept) await cassette.#push(interaction);
    // Before anything is sent: a call must not be made that cannot be recorded. What was there stays until one is.
    await cassette.#write(async next => {
      await rm(next);
      if ((await stat(file).catch(() => undefined))?.isDirectory()) throw new Error("it is a folder");
    });
    return cassette;
  }

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Adds a call; it is in the file when the promise resolves.
   *
   * @throws CapabilityError `NOT_RECORDED`
   */
  async add(interaction: Interaction): Promise<void> {
    await this.#push(interaction);
    const written = this.#writing.then(() => this.#write(next => rename(next, this.#file)));
    this.#writing = written.catch(() => {});
    await written;
  }

  async #push(interaction: Interaction): Promise<void> {
    const text = await writeInteraction(interaction);
    const length = Buffer.byteLength(text);
    if (this.#length + length > MAX_CASSETTE_BYTES) {
      throw notRecorded(
        `Cannot record to ${this.#file}: it would be larger than ${MAX_CASSETTE_BYTES / 1024 / 1024} MiB`,
        { file: this.#file },
      );
    }
    this.#length += length;
    this.#entries.push(text);
  }

  /** Writes a file beside the one it is to be; `finish` decides what becomes of it. */
  async #write(finish: (next: string) => Promise<void>): Promise<void> {
    const next = `${this.#file}.${process.pid}.next`;
    try {
      // For the owner alone: an answer may hold what no list of names knows.
      const handle = await open(next, "w", 0o600);
      try {
        await handle.writeFile(HEADING + this.#entries.join(""));
      } finally {
        await handle.close();
      }
      await finish(next);
    } catch (error) {
      await rm(next, { force: true });
      const { code, message } = error as NodeJS.ErrnoException;
      throw notRecorded(`Cannot record to ${this.#file}: ${code ?? message}`, { file: this.#file }, error);
    }
  }
}
