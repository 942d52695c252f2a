import { Writable } from "node:stream";
import type { CacheEntries, CacheEntry } from "./cache-entries.ts";
import { urlDigest, variantDigest } from "./request-key.ts";
import type { CacheKey, CacheStore, CacheValue, KeptValue } from "./undici-cache.ts";

/** Fields with credentials, which the next caller must get from the API. */
const NOT_KEPT: ReadonlySet<string> = new Set(["set-cookie", "set-cookie2", "authentication-info"]);

/** The store of entries that undici's cache uses for one exchange. */
export class EntryStore implements CacheStore {
  readonly #entries: CacheEntries;
  readonly #maxEntryBytes: number;
  /** Whether the answer has no directives for caches, and `no-cache` was added. */
  isSilent = false;
  #isWritten = false;
  #writing: Promise<void> | undefined;

  constructor(entries: CacheEntries, maxEntryBytes: number) {
    this.#entries = entries;
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** Waits for the entry that is being written. Returns whether there was one. */
  async finish(): Promise<boolean> {
    await this.#writing;
    return this.#isWritten;
  }

  get({ origin, path, method, headers = {} }: CacheKey): KeptValue | undefined {
    const now = Date.now();
    const entries = this.#entries.find(urlDigest(origin, path), variantDigest(method, headers));
    try {
      const found = entries.find(({ expiresAt, vary }) => expiresAt > now && selects(vary, headers));
      return found === undefined ? undefined : keptValue(found);
    } catch {
      // Invalid JSON: the file is damaged.
      return undefined;
    }
  }

  createWriteStream(key: CacheKey, value: CacheValue): Writable | undefined {
    // Failures are not cached: the next call may get another answer.
    if (value.statusCode >= 400) return undefined;
    const chunks: Buffer[] = [];
    let size = 0;
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        size += chunk.length;
        if (size <= this.#maxEntryBytes) chunks.push(chunk);
        else chunks.length = 0;
        done();
      },
      final: done => {
        if (size <= this.#maxEntryBytes) {
          const { "cache-control": _, ...silent } = value.headers;
          const headers = this.isSilent ? silent : value.headers;
          this.#isWritten = this.#entries.put(entryOf(key, { ...value, headers }, Buffer.concat(chunks)));
        }
        done();
      },
    });
    this.#writing = new Promise(resolve => stream.on("close", resolve));
    return stream;
  }

  /** Drops the outdated entries of a URL. */
  delete({ origin, path }: CacheKey): void {
    this.#entries.remove(urlDigest(origin, path));
  }
}

/** Returns whether a request has the fields by which an answer was chosen. */
function selects(vary: string, headers: NonNullable<CacheKey["headers"]>): boolean {
  const chosen = JSON.parse(vary) as Record<string, string | null>;
  return Object.entries(chosen).every(([name, value]) => (headers[name] ?? null) === value);
}

function entryOf({ origin, path, method, headers = {} }: CacheKey, value: CacheValue, body: Buffer): CacheEntry {
  const { vary, deleteAt, cacheControlDirectives, headers: received, ...rest } = value;
  const kept = Object.entries(received).filter(([name]) => !NOT_KEPT.has(name));
  // A call leaves nothing running, so answers are not refreshed in the background (RFC 5861, 3).
  const { "stale-while-revalidate": _, ...directives } = cacheControlDirectives ?? {};
  const head = { ...rest, headers: Object.fromEntries(kept), cacheControlDirectives: directives };
  return {
    url: urlDigest(origin, path),
    variant: variantDigest(method, headers),
    vary: JSON.stringify(vary ?? {}),
    head: JSON.stringify(head),
    body,
    expiresAt: deleteAt,
  };
}

function keptValue({ head, vary, body, expiresAt }: CacheEntry): KeptValue {
  const kept = JSON.parse(head) as Omit<KeptValue, "vary" | "deleteAt" | "body">;
  const chosen = JSON.parse(vary) as Record<string, string | null>;
  // For undici the last millisecond is fresh, but an answer is stale when its age reaches its lifetime (RFC 9111, 4.2).
  const staleAt = kept.staleAt - 1;
  return { ...kept, staleAt, vary: chosen, deleteAt: expiresAt, body: [Buffer.from(body)] };
}
