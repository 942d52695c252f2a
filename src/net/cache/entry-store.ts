import { Writable } from "node:stream";
import type { CacheEntries, CacheEntry } from "./cache-entries.ts";
import { urlDigest, variantDigest } from "./request-key.ts";
import type { CacheKey, CacheStore, CacheValue, KeptValue } from "./undici-cache.ts";

/** A credential, which the next caller is to get from the API alone. */
const NOT_KEPT: ReadonlySet<string> = new Set(["set-cookie", "set-cookie2", "authentication-info"]);

/** Entries as undici's cache wants to see them, for one exchange. */
export class EntryStore implements CacheStore {
  readonly #entries: CacheEntries;
  readonly #maxEntryBytes: number;
  /** Whether the answer says nothing about caches, and the cache was told `no-cache` in its place. */
  isSilent = false;
  #isWritten = false;
  #writing: Promise<void> | undefined;

  constructor(entries: CacheEntries, maxEntryBytes: number) {
    this.#entries = entries;
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** Waits for what is being written, and tells whether anything was. */
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
      // No JSON: the file is damaged.
      return undefined;
    }
  }

  createWriteStream(key: CacheKey, value: CacheValue): Writable | undefined {
    // A failure is not worth keeping: whoever asks again hopes for another answer.
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

  /** Whoever wrote to the URL: all that is kept of it is out of date. */
  delete({ origin, path }: CacheKey): void {
    this.#entries.remove(urlDigest(origin, path));
  }
}

/** Tells whether a request has the fields that an answer was chosen by. */
function selects(vary: string, headers: NonNullable<CacheKey["headers"]>): boolean {
  const chosen = JSON.parse(vary) as Record<string, string | null>;
  return Object.entries(chosen).every(([name, value]) => (headers[name] ?? null) === value);
}

function entryOf(
  { origin, path, method, headers = {} }: CacheKey,
  value: CacheValue,
  body: Buffer,
): CacheEntry {
  const { vary, deleteAt, cacheControlDirectives, headers: received, ...rest } = value;
  const kept = Object.entries(received).filter(([name]) => !NOT_KEPT.has(name));
  // A call leaves nothing running behind it, so nothing is asked for again in the background (RFC 5861, 3).
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
  // undici takes the last millisecond for fresh, though an answer is stale when its age reaches its lifetime (4.2).
  const staleAt = kept.staleAt - 1;
  return { ...kept, staleAt, vary: chosen, deleteAt: expiresAt, body: [Buffer.from(body)] };
}
