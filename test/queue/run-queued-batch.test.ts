import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { BatchRow, EndedRow, UnreadableRow } from "../../src/batch/row.ts";
import { type BatchRecord, readJob, storedResult } from "../../src/queue/job.ts";
import type { JobQueue } from "../../src/queue/job-queue.ts";
import { openQueue } from "../../src/queue/open-queue.ts";
import { type QueuedBatchSettings, runQueuedBatch } from "../../src/queue/run-queued-batch.ts";
import { ownQueue, QUEUE_SERVICES, withService } from "../support/services.ts";

const HASH = "h".repeat(22);

for (const service of QUEUE_SERVICES) {
  withService(service, `a batch on a queue: ${service}`, url => {
    test("each row comes back once, those that cannot be sent too", async () => {
      await using opened = await open(url);
      opened.work();
      const rows = [...rowsTo(1_200), { row: 1_201, line: 1_202, problem: "has too many cells" }];
      const ended = await run(opened.queue, rows, settings());
      expect(ended.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows.map(({ row }) => row));
      expect(ended.find(({ row }) => row === 1_201)).toMatchObject({
        status: "ROW_INVALID",
        line: 1_202,
        error: { message: "Row 1201 (line 1202) has too many cells" },
      });
      expect(opened.done).toHaveLength(1_200);
      // Nothing of it stays.
      expect(await opened.queue.store.find("batch1")).toBeUndefined();
    });

    test("no more rows than the window are ahead of results", async () => {
      await using opened = await open(url);
      let most = 0;
      opened.work(async () => {
        const count = await opened.queue.queue(HASH).getJobCountByTypes("wait", "active");
        most = Math.max(most, count);
      });
      await run(opened.queue, rowsTo(60), settings({ window: 7 }));
      expect(most).toBeLessThanOrEqual(7);
      expect(most).toBeGreaterThan(1);
    });

    test("a batch that is left goes on where it was: rows that are done meanwhile are not done again", async () => {
      await using opened = await open(url);
      const kept = new Map<number, EndedRow>();
      const keeping = settings({
        isDone: row => kept.has(row),
        keep: async ended => void kept.set(ended.row, ended),
        window: 100,
      });
      opened.work();
      // As a kill would end it.
      for await (const { row } of runQueuedBatch(opened.queue, reader(rowsTo(300)), keeping)) if (row >= 120) break;
      expect(kept.size).toBeLessThan(300);
      await sleep(100);
      await run(opened.queue, rowsTo(300), keeping);
      expect([...kept.keys()].sort((a, b) => a - b)).toEqual(rowsTo(300).map(({ row }) => row));
      expect(opened.done.toSorted((a, b) => a - b)).toEqual(rowsTo(300).map(({ row }) => row));
    });

    test("an orderly stop takes back what waits, and what is being done ends", async () => {
      await using opened = await open(url);
      const stop = new AbortController();
      opened.work(async ({ row }) => {
        if (row === 10) stop.abort();
        if (!stop.signal.aborted || row < 50) await sleep(20);
      }, 5);
      const ended = await run(opened.queue, rowsTo(2_000), settings({ stop: stop.signal, window: 1_000 }));
      expect(ended.length).toBe(opened.done.length);
      expect(ended.length).toBeLessThan(500);
      expect(await opened.queue.queue(HASH).getJobCountByTypes("wait", "active")).toBe(0);
      // It goes on later.
      const done = new Set(ended.map(({ row }) => row));
      const rest = await run(opened.queue, rowsTo(2_000), settings({ isDone: row => done.has(row) }));
      expect(rest.length + ended.length).toBe(2_000);
      expect(opened.done.length).toBe(2_000);
    });

    test("so many failures stop it", async () => {
      await using opened = await open(url);
      opened.work(async () => sleep(5), 10, 500);
      const ended = await run(
        opened.queue,
        rowsTo(500),
        settings({ maxErrors: { kind: "count", most: 5 }, window: 10 }),
      );
      expect(ended.length).toBeGreaterThanOrEqual(5);
      expect(ended.length).toBeLessThanOrEqual(5 + 2 * 10);
    });

    test("rows that the queue has lost are given to it again", async () => {
      await using opened = await open(url);
      const told: string[] = [];
      const running = run(opened.queue, rowsTo(20), settings({ tell: sentence => void told.push(sentence) }));
      await until(async () => (await opened.queue.queue(HASH).getWaitingCount()) === 20);
      await opened.queue.queue(HASH).obliterate({ force: true });
      await opened.queue.store.remove("batch1");
      opened.work();
      expect(await running).toHaveLength(20);
      expect(opened.done).toHaveLength(20);
      expect(told).toContain("The queue has lost 20 rows, which are given to it again");
    });

    test("equal rows of another batch are not done again, though their jobs are gone", async () => {
      await using opened = await open(url);
      opened.work();
      const rows = [...rowsTo(5), { ...row(6), key: "1", inputs: { n: 1 } }];
      const first = await run(opened.queue, rows, settings({ usesLedger: true }));
      // The second of two equal rows is a row of its own.
      expect(first.map(({ status }) => status)).toEqual(Array(6).fill(200));
      const second = await run(opened.queue, [...rows, row(7)], settings({ usesLedger: true }, "batch2"));
      const statuses = second.toSorted((a, b) => a.row - b.row).map(({ status }) => status);
      expect(statuses).toEqual([...Array(6).fill("duplicate"), 200]);
      expect(opened.done).toHaveLength(7);
    });

    test("two submitters of the same rows at once do each once", async () => {
      await using opened = await open(url);
      await using other = await open(opened.url);
      opened.work();
      const both = await Promise.all([
        run(opened.queue, rowsTo(700), settings({ usesLedger: true })),
        run(other.queue, rowsTo(700), settings({ usesLedger: true }, "batch2")),
      ]);
      expect(both.map(({ length }) => length)).toEqual([700, 700]);
      expect(both.flat().filter(({ status }) => status === 200)).toHaveLength(700);
      expect(opened.done.toSorted((a, b) => a - b)).toEqual(rowsTo(700).map(({ row }) => row));
    });

    test("a failed row may be done again by another batch", async () => {
      await using opened = await open(url);
      opened.work(undefined, 5, 500);
      await run(opened.queue, rowsTo(3), settings({ usesLedger: true }));
      const again = await run(opened.queue, rowsTo(3), settings({ usesLedger: true }, "batch2"));
      expect(again.map(({ status }) => status)).toEqual([500, 500, 500]);
    });

    test("keys of the user tell rows apart, whatever they send", async () => {
      await using opened = await open(url);
      opened.work();
      const rows = [row(1), { ...row(2), key: "1" }, row(3)];
      const ended = await run(opened.queue, rows, settings({ usesLedger: true, hasOwnKeys: true }));
      expect(ended.toSorted((a, b) => a.row - b.row).map(({ status }) => status)).toEqual([200, "duplicate", 200]);
    });

    test("rows that are given up come back as failures", async () => {
      await using opened = await open(url);
      opened.work(async ({ row }) => {
        if (row === 2) throw new Error("a worker's own fault");
      });
      const ended = await run(opened.queue, rowsTo(3), settings());
      expect(ended.find(({ row }) => row === 2)).toMatchObject({
        status: "WORKER_LOST",
        outputs: null,
        inputs: { n: 2 },
        error: { code: "WORKER_LOST", message: "Row 2 was given up: its worker could not do it; its log says why" },
      });
      expect(ended).toHaveLength(3);
    });

    test("inputs travel as they are", async () => {
      await using opened = await open(url);
      const seen: unknown[] = [];
      opened.work(async ({ inputs }) => void seen.push(inputs));
      const inputs = {
        big: 12345678901234567890n,
        nul: "a\u0000b",
        text: "ü \ud83d\ude00",
        list: [1, null, { a: "}" }],
      };
      await run(opened.queue, [{ row: 1, key: "1", inputs }], settings());
      expect(seen).toEqual([inputs]);
    });
  });
}

interface Opened extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly url: string;
  /** Rows that were done, in their order. */
  readonly done: number[];
  /** Starts a worker that answers with a status. */
  work(before?: (row: BatchRow) => Promise<void>, concurrency?: number, status?: number): void;
}

async function open(url: string): Promise<Opened> {
  const own = url.includes("queue=") ? url : ownQueue(url);
  const queue = await openQueue(own, () => {});
  const done: number[] = [];
  const stops: (() => Promise<void>)[] = [];
  return {
    queue,
    url: own,
    done,
    work(before, concurrency = 20, status = 200) {
      const process = async (job: { data: unknown }) => {
        const row = readJob(job.data);
        if ("problem" in row) throw new Error(row.problem);
        if (row.again && (await queue.store.isDone(row.batch, row.row))) return;
        await before?.(row);
        done.push(row.row);
        const { key, inputs } = row;
        const failure = { code: "HTTP_STATUS", message: "failed" } as const;
        const error = status < 400 ? undefined : failure;
        const ended: EndedRow = { row: row.row, key, status, outputs: null, attempts: 1, ms: 1, inputs, error };
        await queue.store.addResults(row.batch, [storedResult(ended, row.ledger)]);
      };
      const worker = queue.work(HASH, process, { concurrency });
      worker.on("error", () => {});
      stops.push(() => worker.close());
    },
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) await stop();
      await queue.close();
    },
  };
}

function settings(given: Partial<QueuedBatchSettings> = {}, id = "batch1"): QueuedBatchSettings {
  const started = new Date().toISOString();
  const record: BatchRecord = {
    id,
    capability: { name: "countries", hash: HASH },
    operation: "list",
    started,
    detached: false,
  };
  return {
    record,
    idempotencyKeyOf: undefined,
    usesLedger: false,
    hasOwnKeys: false,
    window: 1_000,
    maxErrors: undefined,
    isDone: () => false,
    keep: async () => {},
    stop: new AbortController().signal,
    tell: () => {},
    ...given,
  };
}

async function run(
  queue: JobQueue,
  rows: readonly (BatchRow | UnreadableRow)[],
  given: QueuedBatchSettings,
): Promise<EndedRow[]> {
  const ended: EndedRow[] = [];
  for await (const end of runQueuedBatch(queue, reader(rows), given)) ended.push(end);
  return ended;
}

function reader(rows: readonly (BatchRow | UnreadableRow)[]) {
  return (isWanted: (row: number) => boolean) => rows.filter(({ row }) => isWanted(row));
}

function row(n: number): BatchRow {
  return { row: n, key: String(n), inputs: { n } };
}

function rowsTo(last: number): BatchRow[] {
  return Array.from({ length: last }, (_, index) => row(index + 1));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
