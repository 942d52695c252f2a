import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "../../base/files/make-folder.ts";
import { type CacheBounds, type CacheEntries, type CacheEntry, sizeOf } from "./cache-entries.ts";
import { isLocked } from "./guard-entries.ts";
import { type Database, openDatabase, type Statement } from "./open-database.ts";

/** Mark of our databases ("naft"), so that no other is written to. */
const APPLICATION_ID = 0x6e616674;
/** Version of the table below. A cache of another version is emptied. */
const SCHEMA_VERSION = 1;
/** Time limit of a wait for another process that writes, in milliseconds. The wait blocks. */
const BUSY_TIMEOUT_MS = 1_000;
/** Pause between two attempts to claim a database, in milliseconds. */
const RETRY_MS = 20;

const TABLE = `
CREATE TABLE entry (
  url TEXT NOT NULL,
  variant TEXT NOT NULL,
  vary TEXT NOT NULL,
  head TEXT NOT NULL,
  body BLOB NOT NULL,
  size INTEGER NOT NULL,
  storedAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL,
  PRIMARY KEY (url, variant, vary)
);
CREATE INDEX entry_age ON entry (storedAt, size, expiresAt);
`;

/** Deletes the oldest entries beyond the bounds. */
const PURGE = `
DELETE FROM entry WHERE rowid IN (
  SELECT rowid FROM (
    SELECT rowid, SUM(size) OVER newest AS bytes, ROW_NUMBER() OVER newest AS number
    FROM entry WINDOW newest AS (ORDER BY storedAt DESC, rowid DESC)
  ) WHERE bytes > ? OR number > ?
)`;

/**
 * Opens entries in a SQLite file that only its owner can read. Processes may share it.
 *
 * @param name path of the file
 * @throws Error if the file cannot be used, or is something else
 */
export async function openSqliteEntries(name: string, bounds: CacheBounds): Promise<CacheEntries> {
  // SQLite gives some names a special meaning.
  const file = path.resolve(name);
  makeFolder(path.dirname(file));
  // SQLite gives its other files the same mode.
  closeSync(openSync(file, "a", 0o600));
  const database = await openDatabase(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    await claimWhenFree(database, file);
    return new SqliteEntries(database, bounds);
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Claims the database as soon as no other process holds it. SQLite itself does not wait for the lock that the change to
 * WAL takes.
 */
async function claimWhenFree(database: Database, file: string): Promise<void> {
  const end = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      claim(database, file);
      return;
    } catch (error) {
      if (!isLocked(error) || performance.now() >= end) throw error;
    }
    await pause(RETRY_MS);
  }
}

function claim(database: Database, file: string): void {
  // In this order: another process may be creating the table, and marks the database in the same transaction.
  const isNew = isEmpty(database);
  const id = pragma(database, "application_id");
  if (id !== APPLICATION_ID && !(isNew && id === 0)) throw new Error("it is a database of something else");
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  if (pragma(database, "user_version") === SCHEMA_VERSION) return;
  inTransaction(database, () => {
    // Another process may have created it meanwhile.
    if (pragma(database, "user_version") === SCHEMA_VERSION) return;
    database.exec(`DROP TABLE IF EXISTS entry; ${TABLE}`);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

function isEmpty(database: Database): boolean {
  const found = database.prepare("SELECT COUNT(*) AS tables FROM sqlite_schema").get() as { tables: number };
  return found.tables === 0;
}

function pragma(database: Database, name: string): unknown {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[name];
}

function inTransaction(database: Database, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

interface Row extends Omit<CacheEntry, "body"> {
  readonly body: Uint8Array | ArrayBuffer;
}

class SqliteEntries implements CacheEntries {
  readonly #database: Database;
  readonly #bounds: CacheBounds;
  readonly #find: Statement;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #expire: Statement;
  readonly #total: Statement;
  readonly #purge: Statement;

  constructor(database: Database, bounds: CacheBounds) {
    this.#database = database;
    this.#bounds = bounds;
    this.#find = database.prepare(
      "SELECT url, variant, vary, head, body, expiresAt FROM entry WHERE url = ? AND variant = ? ORDER BY storedAt DESC",
    );
    this.#put = database.prepare("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    this.#remove = database.prepare("DELETE FROM entry WHERE url = ?");
    this.#expire = database.prepare("DELETE FROM entry WHERE expiresAt <= ?");
    this.#total = database.prepare("SELECT COUNT(*) AS entries, TOTAL(size) AS bytes FROM entry");
    this.#purge = database.prepare(PURGE);
  }

  find(url: string, variant: string): readonly CacheEntry[] {
    const rows = this.#find.all(url, variant) as Row[];
    return rows.map(row => ({ ...row, body: new Uint8Array(row.body) }));
  }

  put(entry: CacheEntry): boolean {
    const { url, variant, vary, head, body, expiresAt } = entry;
    const { maxBytes, maxEntries } = this.#bounds;
    const now = Date.now();
    inTransaction(this.#database, () => {
      this.#put.run(url, variant, vary, head, body, sizeOf(entry), now, expiresAt);
      const { entries, bytes } = this.#total.get() as { entries: number; bytes: number };
      if (bytes <= maxBytes && entries <= maxEntries) return;
      this.#expire.run(now);
      this.#purge.run(maxBytes, maxEntries);
    });
    return true;
  }

  remove(url: string): void {
    this.#remove.run(url);
  }

  close(): void {
    this.#database.close();
  }
}
