import { loadOptionalPackage } from "../../base/optional-package.ts";

/** The common part of `node:sqlite` and `libsql` that the cache uses. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

/** A prepared statement. Blobs are bytes or a buffer, depending on the library. */
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
 * Opens a database with Node's own SQLite, or in older versions with the package `libsql`. Both lock and write files in
 * the same way, so that their processes may share one.
 *
 * @throws Error of the library, or if there is none
 */
export async function openDatabase(file: string): Promise<Database> {
  const own = nodeSqlite();
  if (own !== undefined) return new own.DatabaseSync(file);
  const Libsql = await loadLibsql();
  return new Libsql(file);
}

/** Loads Node's SQLite without the warning of Node 22 that it is experimental. */
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
    // Its own types infer the values of a statement from a type argument, and cannot say "any of these".
    const libsql = (await loadOptionalPackage("libsql")) as { readonly default: new (file: string) => Database };
    return libsql.default;
  } catch (cause) {
    throw new Error("this Node has no SQLite, and the optional package libsql is not installed", { cause });
  }
}
