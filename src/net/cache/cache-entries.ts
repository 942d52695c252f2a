/** An answer that is kept. What it is found by are digests: requests hold credentials, in their URLs too. */
export interface CacheEntry {
  /** Digest of the URL. */
  readonly url: string;
  /** Digest of the method, and of all in the request that may tell callers apart. */
  readonly variant: string;
  /** JSON of what `Vary` names: digests of header fields by name. */
  readonly vary: string;
  /** JSON of all but the body. */
  readonly head: string;
  readonly body: Uint8Array;
  /** When it is of no use any more, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where entries are kept. It may throw what its medium throws. */
export interface CacheEntries {
  /** All that differ in what `Vary` names alone, the newest first. */
  find(url: string, variant: string): readonly CacheEntry[];
  /**
   * Keeps an entry in place of the one with the same digests, and drops old ones where there are too many.
   *
   * @returns whether it is kept
   */
  put(entry: CacheEntry): boolean;
  /** Drops all of a URL. */
  remove(url: string): void;
  close(): void;
}

/** How much is kept at most. */
export interface CacheBounds {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Longest body that is kept. */
  readonly maxEntryBytes: number;
}

/** What an entry counts for in {@link CacheBounds.maxBytes}: some room for its digests is in it. */
export function sizeOf({ head, vary, body }: CacheEntry): number {
  return body.length + head.length + vary.length + 200;
}
