import type { CacheEntries } from "./cache-entries.ts";

/** Reasons for result codes of SQLite (https://sqlite.org/rescode.html) and of the system. */
const REASONS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [5, "another process holds it locked"],
  [6, "another process holds it locked"],
  [8, "it cannot be written"],
  [10, "it cannot be read or written"],
  [11, "it is damaged; delete it"],
  [13, "the disk is full"],
  [26, "it is not a database; choose another file, or delete it"],
  ["EACCES", "permission denied"],
  ["EISDIR", "it is a folder"],
  ["EEXIST", "its folder is a file"],
  ["ENOTDIR", "its folder is a file"],
  ["EROFS", "it cannot be written"],
]);

/** Codes of a lock. It passes, but each wait for it blocks, so that the next try is a while later. */
const LOCKED: ReadonlySet<unknown> = new Set([5, 6]);
const LOCKED_PAUSE_MS = 10_000;

/**
 * Guards entries so that calls do not fail with their medium. Entries that cannot be read are missing, and those that
 * cannot be written are dropped. Those that cannot be removed are removed before the next read or write.
 *
 * @param warn called once, with the reason
 * @returns `undefined` if they cannot be opened
 */
export async function guardEntries(
  open: () => Promise<CacheEntries>,
  warn: (reason: string) => void,
): Promise<CacheEntries | undefined> {
  let usableAt = 0;
  let hasWarned = false;
  function fail(error: unknown): void {
    const code = codeOf(error);
    usableAt = isLocked(error) ? Date.now() + LOCKED_PAUSE_MS : Number.POSITIVE_INFINITY;
    if (!hasWarned) warn(REASONS.get(code) ?? (error as Error).message);
    hasWarned = true;
  }
  let entries: CacheEntries;
  try {
    entries = await open();
  } catch (error) {
    fail(error);
    return undefined;
  }
  /** URLs whose entries are outdated. */
  const outdated = new Set<string>();
  function attempt<Value>(action: () => Value, otherwise: Value): Value {
    if (Date.now() < usableAt) return otherwise;
    try {
      for (const url of outdated) {
        entries.remove(url);
        outdated.delete(url);
      }
      return action();
    } catch (error) {
      fail(error);
      return otherwise;
    }
  }
  return {
    find: (url, variant) => attempt(() => entries.find(url, variant), []),
    put: entry => attempt(() => entries.put(entry), false),
    remove(url) {
      if (usableAt === Number.POSITIVE_INFINITY) return;
      outdated.add(url);
      attempt(() => {}, undefined);
    },
    close() {
      // The last chance, even if a lock is recent.
      if (outdated.size > 0 && usableAt !== Number.POSITIVE_INFINITY) {
        usableAt = 0;
        attempt(() => {}, undefined);
      }
      usableAt = Number.POSITIVE_INFINITY;
      entries.close();
    },
  };
}

/** Tells whether an error means that another process holds a lock. */
export function isLocked(error: unknown): boolean {
  return LOCKED.has(codeOf(error));
}

/** Returns the code of an error. `node:sqlite` and `libsql` name it differently, and add details in higher bits. */
function codeOf(error: unknown): unknown {
  const { errcode, rawCode, code } = error as { errcode?: unknown; rawCode?: unknown; code?: unknown };
  const result = errcode ?? rawCode;
  return typeof result === "number" ? result & 0xff : code;
}
