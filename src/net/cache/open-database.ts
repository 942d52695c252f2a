/** What the cache needs of SQLite; `node:sqlite` and `libsql` have it in common. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

/** A prepared statement. Blobs come as the library has them: bytes or a buffer. */
export interface Statement {
  run(...values: readonly SqlValue[]): unknown;
  get(...values: readonly SqlValue[]): unknown;
  all(...values: readonly SqlValue[]): unknown[];
}

type SqlValue = string | number | Uint8Array;

interface NodeSqlite {
  readonly DatabaseSync: new (file: string) => Database;
}

/**
 * Opens a database with what the running Node has: its own SQLite, or in older ones the package `libsql`. Both lock and
 * write files alike, so that processes of either may share one.
 *
 * @throws Error of the library, or where there is none
 */
export async function openDatabase(file: string): Promise<Database> {
  const own = nodeSqlite();
  if (own !== undefined) return new own.DatabaseSync(file);
  const Libsql = await loadLibsql();
  return new Libsql(file);
}

/** Node 22 calls its SQLite experimental on standard error when it is loaded, which is no news to a caller. */
function nodeSqlite(): NodeSqlite | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function loadLibsql(): Promise<new (file: string) => Database> {
  try {
    const { default: Libsql } = await import("libsql");
    // Its types infer the values of a statement from a type argument, and cannot say "any of these".
    return Libsql as unknown as new (
      file: string,
    ) => Database;
  } catch (cause) {
    throw new Error("this Node has no SQLite, and the optional package libsql is not installed", { cause });
  }
}
