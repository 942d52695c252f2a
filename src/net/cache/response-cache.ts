import { filePath, func, type OptionKind, requireOptions, wholeNumber } from "../../base/option-kinds.ts";
import { tellListener } from "../../base/tell-listener.ts";
import type { CacheBounds, CacheEntries } from "./cache-entries.ts";
import type { Flights } from "./share.ts";

/** Settings of a cache. */
export interface CacheOptions {
  /**
   * Path of a SQLite file, created if necessary. Several processes may use it at once. Without it, answers are kept in
   * memory.
   */
  readonly file?: string | undefined;
  /**
   * Limit of all entries in bytes. Beyond it, the oldest entries go.
   *
   * @default 104_857_600 (100 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * Limit of cached answers.
   *
   * @default 10_000
   */
  readonly maxEntries?: number | undefined;
  /**
   * Length limit of a cached body, in bytes.
   *
   * @default 5_242_880 (5 MiB)
   */
  readonly maxEntryBytes?: number | undefined;
  /**
   * Called once with the reason why the file cannot be used. Calls continue without a cache.
   *
   * @default process.emitWarning
   */
  readonly onWarning?: ((message: string) => void) | undefined;
}

const MIB = 1024 * 1024;

const count = { kind: wholeNumber(1, Number.MAX_SAFE_INTEGER) };
const cacheOptions: Readonly<Record<keyof CacheOptions, { readonly kind: OptionKind }>> = {
  file: { kind: filePath },
  maxBytes: count,
  maxEntries: count,
  maxEntryBytes: count,
  onWarning: { kind: func },
};

/** A cache of answers for later calls, created by `createResponseCache`. Several capabilities may share it. */
export class ResponseCache {
  /** @internal */
  readonly bounds: CacheBounds;
  /**
   * Running exchanges, shared by the same requests.
   *
   * @internal
   */
  readonly flights: Flights = new Map();
  readonly #file: string | undefined;
  readonly #onWarning: (message: string) => void;
  #entries: Promise<CacheEntries | undefined> | undefined;

  /** @internal */
  constructor({ file, maxBytes = 100 * MIB, maxEntries = 10_000, maxEntryBytes = 5 * MIB, onWarning }: CacheOptions) {
    this.#file = file;
    this.#onWarning = onWarning ?? (message => process.emitWarning(message, { code: "NAFTIKO_CACHE" }));
    this.bounds = { maxBytes, maxEntries, maxEntryBytes: Math.min(maxEntryBytes, maxBytes) };
  }

  /**
   * Returns the entries, or `undefined` if the file cannot be used.
   *
   * @internal
   */
  entries(): Promise<CacheEntries | undefined> {
    this.#entries ??= this.#open();
    return this.#entries;
  }

  /** Closes the file, or forgets the entries in memory. A later call opens it again. */
  async close(): Promise<void> {
    const entries = await this.#entries;
    this.#entries = undefined;
    entries?.close();
  }

  async #open(): Promise<CacheEntries | undefined> {
    const file = this.#file;
    if (file === undefined) {
      const { MemoryEntries } = await import("./memory-entries.ts");
      return new MemoryEntries(this.bounds);
    }
    const warn = (reason: string) =>
      tellListener("onWarning", text => text, this.#onWarning, `The cache ${file} is not used: ${reason}`);
    const { guardEntries } = await import("./guard-entries.ts");
    const { openSqliteEntries } = await import("./sqlite-entries.ts");
    return guardEntries(() => openSqliteEntries(file, this.bounds), warn);
  }
}

/**
 * Creates a cache that capabilities share by their option `cache`. The program that creates it closes it.
 *
 * @example
 * const cache = createResponseCache({ file: "answers.sqlite" });
 * const [shop, books] = [await openCapability("shop", { cache }), await openCapability("books", { cache })];
 *
 * @throws TypeError, RangeError for invalid options
 */
export function createResponseCache(options: CacheOptions = {}): ResponseCache {
  requireOptions(options, cacheOptions);
  return new ResponseCache(options);
}
