import { tellListener } from "../../base/tell-listener.ts";
import type { CacheBounds, CacheEntries } from "./cache-entries.ts";
import type { Flights } from "./sharing-transport.ts";

/** Where answers are kept, and how much of them. */
export interface CacheOptions {
  /**
   * Path of a SQLite file, made where there is none; several processes may use it at once. Without it, answers are kept
   * in memory.
   */
  readonly file?: string;
  /**
   * Most bytes of all that is kept. Where there is more, the oldest goes.
   *
   * @default 104_857_600 (100 MiB)
   */
  readonly maxBytes?: number;
  /**
   * Most answers that are kept.
   *
   * @default 10_000
   */
  readonly maxEntries?: number;
  /**
   * Longest body that is kept, in bytes.
   *
   * @default 5_242_880 (5 MiB)
   */
  readonly maxEntryBytes?: number;
  /**
   * Told once why the file cannot be used. Calls go on without a cache.
   *
   * @default process.emitWarning
   */
  readonly onWarning?: (message: string) => void;
}

const MIB = 1024 * 1024;

/** Answers that are kept for later calls. Made by `createResponseCache`; several capabilities may share it. */
export class ResponseCache {
  /** @internal */
  readonly bounds: CacheBounds;
  /**
   * Exchanges that run, for those who ask for the same meanwhile.
   *
   * @internal
   */
  readonly flights: Flights = new Map();
  readonly #file: string | undefined;
  readonly #onWarning: (message: string) => void;
  #entries: Promise<CacheEntries | undefined> | undefined;

  /** @internal */
  constructor({
    file,
    maxBytes = 100 * MIB,
    maxEntries = 10_000,
    maxEntryBytes = 5 * MIB,
    onWarning,
  }: CacheOptions) {
    this.#file = file;
    this.#onWarning = onWarning ?? (message => process.emitWarning(message, { code: "NAFTIKO_CACHE" }));
    this.bounds = { maxBytes, maxEntries, maxEntryBytes: Math.min(maxEntryBytes, maxBytes) };
  }

  /**
   * What is kept; nothing where its file cannot be used.
   *
   * @internal
   */
  entries(): Promise<CacheEntries | undefined> {
    this.#entries ??= this.#open();
    return this.#entries;
  }

  /** Closes the file, or forgets what is in memory. A later call opens it anew. */
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
 * Makes a cache that capabilities share by their option `cache`. Whoever makes it closes it.
 *
 * @throws TypeError, RangeError for options that make no sense
 */
export function createResponseCache(options: CacheOptions = {}): ResponseCache {
  if (typeof options !== "object" || options === null) throw new TypeError("options must be an object");
  const { file, maxBytes, maxEntries, maxEntryBytes, onWarning } = options;
  if (file !== undefined && (typeof file !== "string" || file === ""))
    throw new TypeError("file must be a path");
  if (onWarning !== undefined && typeof onWarning !== "function")
    throw new TypeError("onWarning must be a function");
  for (const [name, value] of Object.entries({ maxBytes, maxEntries, maxEntryBytes })) {
    if (value === undefined) continue;
    if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`${name} must be a whole number from 1 on, found ${value}`);
  }
  return new ResponseCache(options);
}
