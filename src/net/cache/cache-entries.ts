/** A cached answer. It is found by digests, because requests contain credentials, even in their URLs. */
export interface CacheEntry {
  /** Digest of the URL. */
  readonly url: string;
  /** Digest of the method, and of all parts of the request that may identify the caller. */
  readonly variant: string;
  /** JSON of the fields that `Vary` names: digests by name. */
  readonly vary: string;
  /** JSON of the answer without its body. */
  readonly head: string;
  readonly body: Uint8Array;
  /** Time from which it is useless, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A store of entries. Its methods throw the errors of the medium. */
export interface CacheEntries {
  /** Finds the entries that differ only in the fields of `Vary`, newest first. */
  find(url: string, variant: string): readonly CacheEntry[];
  /**
   * Stores an entry in place of the one with the same digests, and drops old ones if there are too many.
   *
   * @returns whether it is stored
   */
  put(entry: CacheEntry): boolean;
  /** Drops all entries of a URL. */
  remove(url: string): void;
  close(): void;
}

/** The limits of a store. */
export interface CacheBounds {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Length limit of a body. */
  readonly maxEntryBytes: number;
}

/** Returns the size of an entry for {@link CacheBounds.maxBytes}, with some room for its digests. */
export function sizeOf({ head, vary, body }: CacheEntry): number {
  return body.length + head.length + vary.length + 200;
}
