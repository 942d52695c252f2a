import { setImmediate as nextTurn } from "node:timers/promises";
import { type CatalogueOptions, readCatalogue } from "../../../catalogue/catalogue.ts";
import { openSearch } from "../../../catalogue/search/catalogue-index.ts";
import { DamagedIndexError } from "../../../catalogue/segment.ts";
import { NamedCatalogue } from "./named-catalogue.ts";

/** How long files are not looked at again, in milliseconds. */
const FRESH_MS = 1_000;

/** A catalogue that is read again when files have changed. Look-ups at the same time share one reading. */
export class LiveCatalogue {
  readonly #options: CatalogueOptions;
  #current: NamedCatalogue | undefined;
  #generation: string | undefined;
  #freshUntil = 0;
  #reading: Promise<NamedCatalogue> | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** Does some work with the catalogue as it is now, or was within the last second. */
  async use<Value>(work: (catalogue: NamedCatalogue) => Value): Promise<Value> {
    try {
      return work(await this.read());
    } catch (error) {
      // Its files are in the folder of the user, where another process may have replaced them.
      if (!(error instanceof DamagedIndexError)) throw error;
      this.#current = undefined;
      return work(await this.read());
    }
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
    const catalogue = await readCatalogue(this.#options);
    if (this.#current === undefined || catalogue.generation !== this.#generation) {
      // Other calls are answered while the index is made.
      this.#current = new NamedCatalogue(await openSearch(catalogue, () => nextTurn()));
      this.#generation = catalogue.generation;
    }
    this.#freshUntil = performance.now() + FRESH_MS;
    return this.#current;
  }
}
