import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { type CatalogueOptions, readCatalogue } from "../../../catalogue/catalogue.ts";
import { openSearch } from "../../../catalogue/search/catalogue-index.ts";
import { DamagedIndexError } from "../../../catalogue/segment.ts";
import { NamedCatalogue } from "./named-catalogue.ts";

/** How long files are not looked at again, in milliseconds. */
const FRESH_MS = 1_000;

/** How long a call waits for files to be read, in milliseconds: the first time, and where there is an older reading. */
const FIRST_WAIT_MS = 20_000;
const LATER_WAIT_MS = 1_000;

/** Reports files that have not been read yet. The message is for agents. */
export class StillReadingError extends Error {}

/** A catalogue that is read again when files have changed. Look-ups at the same time share one reading. */
export class LiveCatalogue {
  readonly #options: CatalogueOptions;
  #current: NamedCatalogue | undefined;
  #generation: string | undefined;
  #freshUntil = 0;
  #reading: Promise<NamedCatalogue> | undefined;
  #progress = "";

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /**
   * Does some work with the catalogue as it is now, or was within the last second. Where much is to be read, it is an
   * older one.
   *
   * @throws StillReadingError if the files have not been read in time
   */
  async use<Value>(work: (catalogue: NamedCatalogue) => Value): Promise<Value> {
    try {
      return work(await this.#inTime());
    } catch (error) {
      // Its files are in the folder of the user, where another process may have replaced them.
      if (!(error instanceof DamagedIndexError)) throw error;
      this.#current = undefined;
      return work(await this.#inTime());
    }
  }

  async #inTime(): Promise<NamedCatalogue> {
    const reading = this.read();
    if (!(reading instanceof Promise)) return reading;
    const older = this.#current;
    // It has a listener though nobody may wait for it any more.
    reading.catch(() => {});
    const waiting = wait(older === undefined ? FIRST_WAIT_MS : LATER_WAIT_MS, older, { ref: false });
    const found = await Promise.race([reading, waiting]);
    if (found !== undefined) return found;
    throw new StillReadingError(
      `Nothing was sent: the capability files are being read for the first time${this.#progress}. Call again in a moment.`,
    );
  }

  /** Gives the catalogue. At the first time it is read, which may take long. */
  read(): NamedCatalogue | Promise<NamedCatalogue> {
    if (this.#current !== undefined && performance.now() < this.#freshUntil) return this.#current;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<NamedCatalogue> {
    const onProgress = (done: number, all: number) => {
      this.#progress = `, ${done} of ${all} so far`;
    };
    const catalogue = await readCatalogue({ ...this.#options, onProgress });
    if (this.#current === undefined || catalogue.generation !== this.#generation) {
      // Other calls are answered while the index is made.
      this.#current = new NamedCatalogue(await openSearch(catalogue, () => nextTurn()));
      this.#generation = catalogue.generation;
    }
    this.#freshUntil = performance.now() + FRESH_MS;
    return this.#current;
  }
}
