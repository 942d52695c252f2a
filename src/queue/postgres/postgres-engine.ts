import pg from "pg";
import { thrownText } from "../../base/thrown-text.ts";
import { createPostgresBackend } from "../bullmq.ts";
import type { QueueEngine, TellTrouble } from "../queue-engine.ts";
import { refused, unavailable } from "../queue-error.ts";
import type { QueueUrl } from "../queue-url.ts";
import { type AskPostgres, PostgresBatches } from "./postgres-batches.ts";

/** Time for a server that is starting. */
const START_MS = 10_000;
const RETRY_MS = 500;
/** Connections for commands, of each queue that is used. A server has a hundred by default. */
const MOST_CONNECTIONS = 4;
/** Oldest version that BullMQ runs on. */
const OLDEST = 13;

/** Codes of the system, and of Postgres, for what passes: it starts, stops, has no place, or must be asked again. */
const PASSING = new Set(
  "ECONNREFUSED ECONNRESET ECONNABORTED ETIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENETDOWN EAI_AGAIN ENOTFOUND 25006 57P01 57P02 57P03 57P05 53300 53100 53200 40001 40P01 55P03 08000 08006 08001 08003 08004 08007".split(
    " ",
  ),
);
/** Refusals of a password, of a user, of a database, of permissions. */
const DENIED = new Set(["28P01", "28000", "3D000", "42501"]);

/**
 * Connects to a Postgres, and makes the tables there that are not.
 *
 * @throws CapabilityError `QUEUE_UNAVAILABLE` or `QUEUE_REFUSED`
 */
export async function openPostgresEngine(queue: QueueUrl, tell: TellTrouble): Promise<QueueEngine> {
  const pool = new pg.Pool({
    connectionString: queue.url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    options: `-c search_path=${pg.escapeIdentifier(queue.name)}`,
  });
  // Connections that are idle break: the next command tells of it.
  pool.on("error", () => {});
  const connection = { connectionString: queue.url, max: MOST_CONNECTIONS, schema: queue.name, migrate: true };
  const ask = askPatiently(pool, queue.shown, tell);
  const store = new PostgresBatches(ask, () => pool.end());
  try {
    await connect(pool, queue.shown);
    await prepare(store, connection, queue);
  } catch (error) {
    await pool.end().catch(() => {});
    throw error;
  }
  return {
    store,
    // BullMQ's "backend" is a class of its own for each server.
    bullmq: { connection, prefix: queue.name, backend: createLastingBackend as never },
    passes: isPassing,
    close: () => store.close(),
  };
}

async function connect(pool: pg.Pool, shown: string): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    try {
      const { rows } = await pool.query<{ version: string; replica: boolean }>(
        "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS replica",
      );
      const { version = "0", replica = false } = rows[0] ?? {};
      if (Number.parseInt(version, 10) < OLDEST) {
        throw refused(shown, `it is Postgres ${version}, and queues need ${OLDEST} or newer.`);
      }
      if (replica) throw refused(shown, "it is a replica, which takes no rows. Name its primary server.");
      return;
    } catch (error) {
      const code = codeOf(error);
      if (DENIED.has(code)) throw refused(shown, `${thrownText(error)}.`);
      if (!isPassing(error) || performance.now() > end) throw notReached(shown, error);
      await new Promise(resolve => setTimeout(resolve, RETRY_MS));
    }
  }
}

function notReached(shown: string, error: unknown): unknown {
  if (error instanceof Error && error.name === "CapabilityError") return error;
  const code = codeOf(error);
  return unavailable(shown, code === "" ? thrownText(error) : code);
}

/** Makes the tables of BullMQ, then our own. Many processes may do so at once. */
async function prepare(store: PostgresBatches, connection: object, { shown, name }: QueueUrl): Promise<void> {
  const backend = createPostgresBackend("prepare", { connection } as never);
  backend.on("error", () => {});
  try {
    await backend.waitUntilReady();
    await store.prepare();
  } catch (error) {
    if (DENIED.has(codeOf(error))) {
      throw refused(shown, `the user may not make the schema ${name} or its tables: ${thrownText(error)}.`);
    }
    throw refused(shown, `its tables cannot be made: ${thrownText(error)}.`);
  } finally {
    await backend.close().catch(() => {});
  }
}

/** What keeps its first answer whether the server is ready. */
interface Readiness {
  readyPromise: Promise<void> | undefined;
  waitUntilReady(): Promise<void>;
}

/**
 * Makes BullMQ's way to a Postgres. It would keep a failure to get ready for good, and its worker would ask again at once,
 * without end and with no turn for anything else. Here a failure takes a while, and is forgotten.
 */
function createLastingBackend(...given: Parameters<typeof createPostgresBackend>): object {
  const made = createPostgresBackend(...given) as unknown;
  const backend = made as Readiness & { readonly connection: Readiness & { readonly pool: pg.Pool } };
  // The error of a connection that breaks while it is in use would end the process: the command in it tells of it.
  backend.connection.pool.on("connect", client => client.on("error", () => {}));
  for (const part of [backend, backend.connection]) {
    const waitUntilReady = part.waitUntilReady.bind(part);
    part.waitUntilReady = async () => {
      try {
        await waitUntilReady();
      } catch (error) {
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
        part.readyPromise = undefined;
        throw error;
      }
    };
  }
  return backend;
}

function askPatiently(pool: pg.Pool, shown: string, tell: TellTrouble): AskPostgres {
  let isDown = false;
  return async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => {
    for (;;) {
      try {
        const { rows } = await pool.query<Row>(text, [...values]);
        if (isDown) tell(`The queue ${shown} is back`);
        isDown = false;
        return rows;
      } catch (error) {
        if (!isPassing(error) || pool.ending) throw error;
        if (!isDown)
          tell(`The queue ${shown} is down (${codeOf(error) || "the connection broke"}); waiting until it is back`);
        isDown = true;
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
      }
    }
  };
}

function isPassing(error: unknown): boolean {
  return (
    PASSING.has(codeOf(error)) ||
    /^(?:Connection terminated|timeout e|Client (?:has encountered a connection error|was closed) and is not queryable)/.test(
      thrownText(error),
    )
  );
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}
