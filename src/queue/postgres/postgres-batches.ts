import type pg from "pg";
import {
  BATCH_LIFE_MS,
  type BatchState,
  type BatchStore,
  type KeptResult,
  LEDGER_LIFE_MS,
  type LedgerClaim,
  type SeenWorker,
  WORKER_LIFE_MS,
} from "../batch-store.ts";
import { type BatchRecord, queueName, type StoredResult } from "../job.ts";

/** Gives statements, again and again while the server is away. Each may be given twice. */
export type AskPostgres = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** Tables beside those of BullMQ, in the same schema. A result that is kept elsewhere has no line. */
const TABLES = `
CREATE TABLE IF NOT EXISTS naftiko_batch (
  id text PRIMARY KEY, record text NOT NULL, claimed bigint NOT NULL DEFAULT 0, submitted bigint NOT NULL DEFAULT 0,
  rows bigint, cancelled boolean NOT NULL DEFAULT false, started timestamptz NOT NULL DEFAULT now(),
  changed timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS naftiko_result (
  batch text NOT NULL, row bigint NOT NULL, seq bigserial, status text NOT NULL, line text, PRIMARY KEY (batch, row));
CREATE INDEX IF NOT EXISTS naftiko_result_seq ON naftiko_result (batch, seq) WHERE line IS NOT NULL;
CREATE TABLE IF NOT EXISTS naftiko_again (
  batch text NOT NULL, row bigint NOT NULL, line text NOT NULL, PRIMARY KEY (batch, row));
CREATE TABLE IF NOT EXISTS naftiko_ledger (name text PRIMARY KEY, owner text NOT NULL, until timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS naftiko_worker (id text PRIMARY KEY, worker text NOT NULL, until timestamptz NOT NULL);`;

/** Number of the lock under which tables are made: two who make the same one at once would fail. */
const TABLES_LOCK = 720_601_742;

interface BatchRow {
  record: string;
  claimed: string;
  submitted: string;
  rows: string | null;
  cancelled: boolean;
}

/** What is kept of batches in a Postgres. */
export class PostgresBatches implements BatchStore {
  readonly #ask: AskPostgres;
  readonly close: () => Promise<void>;

  constructor(ask: AskPostgres, close: () => Promise<void>) {
    this.#ask = ask;
    this.close = close;
  }

  /** Makes the tables, and forgets what is too old. */
  async prepare(): Promise<void> {
    await this.#ask(`DO $$ BEGIN PERFORM pg_advisory_xact_lock(${TABLES_LOCK}); ${TABLES} END $$`, []);
    await this.#ask("DELETE FROM naftiko_ledger WHERE until < now()", []);
    const old = await this.#ask<{ id: string }>(
      "SELECT id FROM naftiko_batch WHERE changed < now() - $1 * interval '1 ms'",
      [BATCH_LIFE_MS],
    );
    for (const { id } of old) await this.remove(id);
  }

  async create(record: BatchRecord): Promise<BatchState> {
    await this.#ask(
      `INSERT INTO naftiko_batch (id, record, started) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET cancelled = false, rows = NULL, changed = now()`,
      [record.id, JSON.stringify(record), record.started],
    );
    return (await this.find(record.id)) as BatchState;
  }

  async find(id: string): Promise<BatchState | undefined> {
    const [batch] = await this.#ask<BatchRow>("SELECT * FROM naftiko_batch WHERE id = $1", [id]);
    if (batch === undefined) return undefined;
    const counts = await this.#ask<{ status: string; count: string }>(
      "SELECT status, count(*) AS count FROM naftiko_result WHERE batch = $1 GROUP BY status",
      [id],
    );
    return {
      record: JSON.parse(batch.record) as BatchRecord,
      claimed: Number(batch.claimed),
      submitted: Number(batch.submitted),
      rows: batch.rows === null ? undefined : Number(batch.rows),
      isCancelled: batch.cancelled,
      counts: Object.fromEntries(counts.map(({ status, count }) => [status, Number(count)])),
    };
  }

  async ids(): Promise<readonly string[]> {
    const found = await this.#ask<{ id: string }>("SELECT id FROM naftiko_batch ORDER BY started DESC", []);
    return found.map(({ id }) => id);
  }

  async claim(id: string, rows: readonly LedgerClaim[]): Promise<readonly number[]> {
    const last = Math.max(0, ...rows.map(({ row }) => row));
    await this.#ask("UPDATE naftiko_batch SET claimed = greatest(claimed, $2), changed = now() WHERE id = $1", [
      id,
      last,
    ]);
    const named = rows.filter(({ ledger }) => ledger !== undefined);
    if (named.length === 0) return [];
    const names = named.map(({ ledger }) => ledger);
    const owners = named.map(({ row }) => `${id}.${row}`);
    // The first of equal names in one call has it. Names are taken in their order, so that two who claim never wait for
    // each other.
    await this.#ask(
      `INSERT INTO naftiko_ledger AS l (name, owner, until)
       SELECT DISTINCT ON (name) name, owner, now() + $3 * interval '1 ms'
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (name, owner, place) ORDER BY name, place
       ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE l.until < now()`,
      [names, owners, LEDGER_LIFE_MS],
    );
    const taken = await this.#ask<{ owner: string }>(
      `SELECT t.owner FROM unnest($1::text[], $2::text[]) AS t (name, owner)
       JOIN naftiko_ledger l ON l.name = t.name WHERE l.owner <> t.owner`,
      [names, owners],
    );
    return taken.map(({ owner }) => Number(owner.slice(id.length + 1)));
  }

  async submitted(id: string, row: number): Promise<void> {
    await this.#ask("UPDATE naftiko_batch SET submitted = greatest(submitted, $2) WHERE id = $1", [id, row]);
  }

  async complete(id: string, rows: number): Promise<void> {
    await this.#ask("UPDATE naftiko_batch SET rows = $2, changed = now() WHERE id = $1", [id, rows]);
  }

  async addResults(id: string, results: readonly StoredResult[]): Promise<number> {
    // The lock on the batch orders the numbers of results: whoever reads on from one misses none.
    const kept = await this.#ask<{ kept: string }>(
      `WITH batch AS MATERIALIZED (SELECT claimed FROM naftiko_batch WHERE id = $1 FOR UPDATE),
       given AS (SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) AS t (row, status, line, release)),
       kept AS (
         INSERT INTO naftiko_result (batch, row, status, line)
         SELECT $1, g.row, g.status, g.line FROM batch, given g WHERE g.row BETWEEN 1 AND batch.claimed
         ON CONFLICT DO NOTHING RETURNING row),
       released AS (
         DELETE FROM naftiko_ledger l USING given g, kept k
         WHERE k.row = g.row AND l.name = g.release AND l.owner = $1 || '.' || g.row),
       touched AS (UPDATE naftiko_batch SET changed = now() WHERE id = $1 AND changed < now() - interval '1 hour')
       SELECT count(*) AS kept FROM kept`,
      [
        id,
        results.map(({ row }) => row),
        results.map(({ status }) => String(status)),
        results.map(({ line }) => line),
        results.map(({ release }) => release ?? null),
      ],
    );
    return Number(kept[0]?.kept ?? 0);
  }

  async isDone(id: string, row: number): Promise<boolean> {
    const found = await this.#ask("SELECT 1 FROM naftiko_result WHERE batch = $1 AND row = $2", [id, row]);
    return found.length > 0;
  }

  async results(id: string, after: string, count: number): Promise<readonly KeptResult[]> {
    return this.#ask<{ cursor: string; line: string }>(
      `SELECT seq::text AS cursor, line FROM naftiko_result
       WHERE batch = $1 AND seq > $2 AND line IS NOT NULL ORDER BY seq LIMIT $3`,
      [id, after, count],
    );
  }

  async drop(id: string, cursor: string): Promise<void> {
    await this.#ask("UPDATE naftiko_result SET line = NULL WHERE batch = $1 AND seq <= $2 AND line IS NOT NULL", [
      id,
      cursor,
    ]);
  }

  async reopen(id: string, { row }: KeptResult & { row: number; status: number | string }): Promise<void> {
    await this.#ask(
      `WITH gone AS (DELETE FROM naftiko_result WHERE batch = $1 AND row = $2 RETURNING line)
       INSERT INTO naftiko_again (batch, row, line) SELECT $1, $2, line FROM gone WHERE line IS NOT NULL
       ON CONFLICT DO NOTHING`,
      [id, row],
    );
  }

  async reopened(id: string): Promise<readonly string[]> {
    const found = await this.#ask<{ line: string }>("SELECT line FROM naftiko_again WHERE batch = $1 ORDER BY row", [
      id,
    ]);
    return found.map(({ line }) => line);
  }

  async requeued(id: string, rows: readonly number[]): Promise<void> {
    await this.#ask("DELETE FROM naftiko_again WHERE batch = $1 AND row = ANY($2::bigint[])", [id, rows]);
  }

  async takeBack(id: string, hash: string): Promise<number> {
    // First: whoever goes on after a kill adds all of them again, and those that are still there stay as they are.
    await this.#ask("UPDATE naftiko_batch SET submitted = 0 WHERE id = $1", [id]);
    const taken = await this.#ask<{ taken: string }>(
      `WITH taken AS (
         DELETE FROM job WHERE queue = $1 AND state = 'waiting' AND starts_with(id, $2)
         RETURNING id, data->>'ledger' AS ledger),
       released AS (DELETE FROM naftiko_ledger l USING taken t WHERE l.name = t.ledger AND l.owner = t.id)
       SELECT count(*) AS taken FROM taken`,
      [queueName(hash), `${id}.`],
    );
    return Number(taken[0]?.taken ?? 0);
  }

  async cancel(id: string): Promise<void> {
    await this.#ask("UPDATE naftiko_batch SET cancelled = true, changed = now() WHERE id = $1", [id]);
  }

  async remove(id: string): Promise<void> {
    await this.#ask("DELETE FROM naftiko_result WHERE batch = $1", [id]);
    await this.#ask("DELETE FROM naftiko_again WHERE batch = $1", [id]);
    await this.#ask("DELETE FROM naftiko_batch WHERE id = $1", [id]);
  }

  async seen(worker: SeenWorker): Promise<void> {
    await this.#ask(
      `INSERT INTO naftiko_worker (id, worker, until) VALUES ($1, $2, now() + $3 * interval '1 ms')
       ON CONFLICT (id) DO UPDATE SET worker = excluded.worker, until = excluded.until`,
      [worker.id, JSON.stringify(worker), WORKER_LIFE_MS],
    );
  }

  async gone(workerId: string): Promise<void> {
    await this.#ask("DELETE FROM naftiko_worker WHERE id = $1 OR until < now() - interval '1 day'", [workerId]);
  }

  async workers(): Promise<readonly SeenWorker[]> {
    const found = await this.#ask<{ worker: string }>("SELECT worker FROM naftiko_worker WHERE until > now()", []);
    return found.map(({ worker }) => JSON.parse(worker) as SeenWorker);
  }
}
