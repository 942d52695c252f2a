import { type CacheBounds, type CacheEntries, type CacheEntry, sizeOf } from "./cache-entries.ts";

/** Entries in memory. If there are too many, those of the least recently used URL go first. */
export class MemoryEntries implements CacheEntries {
  /** Entries by URL, the most recently used one last. */
  readonly #urls = new Map<string, readonly CacheEntry[]>();
  readonly #bounds: CacheBounds;
  #bytes = 0;
  #count = 0;

  constructor(bounds: CacheBounds) {
    this.#bounds = bounds;
  }

  find(url: string, variant: string): readonly CacheEntry[] {
    const entries = this.#urls.get(url);
    if (entries === undefined) return [];
    this.#urls.delete(url);
    this.#urls.set(url, entries);
    return entries.filter(entry => entry.variant === variant);
  }

  put(entry: CacheEntry): boolean {
    const now = Date.now();
    const others = (this.#urls.get(entry.url) ?? []).filter(
      other => other.expiresAt > now && !(other.variant === entry.variant && other.vary === entry.vary),
    );
    this.remove(entry.url);
    this.#urls.set(entry.url, [entry, ...others]);
    for (const kept of [entry, ...others]) this.#add(kept, 1);
    while (this.#isFull()) {
      const [oldest] = this.#urls.keys();
      if (oldest === undefined) break;
      if (oldest === entry.url) this.#dropLast(oldest);
      else this.remove(oldest);
    }
    return this.#urls.has(entry.url);
  }

  remove(url: string): void {
    for (const entry of this.#urls.get(url) ?? []) this.#add(entry, -1);
    this.#urls.delete(url);
  }

  close(): void {
    this.#urls.clear();
    this.#bytes = 0;
    this.#count = 0;
  }

  #isFull(): boolean {
    return this.#bytes > this.#bounds.maxBytes || this.#count > this.#bounds.maxEntries;
  }

  /** Drops the oldest entry of a URL, which may have more variants than there is room for. */
  #dropLast(url: string): void {
    const entries = this.#urls.get(url) ?? [];
    const last = entries.at(-1);
    if (last !== undefined) this.#add(last, -1);
    if (entries.length > 1) this.#urls.set(url, entries.slice(0, -1));
    else this.#urls.delete(url);
  }

  #add(entry: CacheEntry, sign: 1 | -1): void {
    this.#bytes += sign * sizeOf(entry);
    this.#count += sign;
  }
}
