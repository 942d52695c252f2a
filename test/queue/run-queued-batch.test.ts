import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { EndedRow } from "../../src/batch/row.ts";
import { runQueuedBatch } from "../../src/queue/run-queued-batch.ts";
import { batchSettings, HASH, openOwnQueue, reader, row, rowsTo, runRows } from "../support/queued-rows.ts";
import { QUEUE_SERVICES, withService } from "../support/services.ts";

for (const service of QUEUE_SERVICES) {
  withService(service, `a batch on a queue: ${service}`, url => {
    test("each row comes back once, those that cannot be sent too", async () => {
      await using opened = await openOwnQueue(url);
      opened.work();
      const rows = [...rowsTo(1_200), { row: 1_201, line: 1_202, problem: "has too many cells" }];
      const ended = await runRows(opened.queue, rows, batchSettings());
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
      await using opened = await openOwnQueue(url);
      let [running, most] = [0, 0];
      opened.work(async () => {
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
      });
      await runRows(opened.queue, rowsTo(60), batchSettings({ window: 7 }));
      expect(most).toBeLessThanOrEqual(7);
      expect(most).toBeGreaterThan(1);
    });

    test("a batch that is left goes on where it was: rows that are done meanwhile are not done again", async () => {
      await using opened = await openOwnQueue(url);
      const kept = new Map<number, EndedRow>();
      const keeping = batchSettings({
        isDone: row => kept.has(row),
        keep: async ended => void kept.set(ended.row, ended),
        window: 100,
      });
      opened.work();
      // As a kill would end it.
      for await (const { row } of runQueuedBatch(opened.queue, reader(rowsTo(300)), keeping)) if (row >= 120) break;
      expect(kept.size).toBeLessThan(300);
      await sleep(100);
      await runRows(opened.queue, rowsTo(300), keeping);
      expect([...kept.keys()].sort((a, b) => a - b)).toEqual(rowsTo(300).map(({ row }) => row));
      expect(opened.done.toSorted((a, b) => a - b)).toEqual(rowsTo(300).map(({ row }) => row));
    });

    test("it may go on with fewer rows at once, whose results come while others wait for a place", async () => {
      await using opened = await openOwnQueue(url);
      const kept = new Map<number, EndedRow>();
      const keeping = (window: number) =>
        batchSettings({
          isDone: row => kept.has(row),
          keep: async ended => void kept.set(ended.row, ended),
          window,
        });
      opened.work(() => sleep(5), 2);
      for await (const { row } of runQueuedBatch(opened.queue, reader(rowsTo(100)), keeping(60))) if (row >= 5) break;
      await runRows(opened.queue, rowsTo(100), keeping(2));
      expect(kept.size).toBe(100);
      expect(opened.done.toSorted((a, b) => a - b)).toEqual(rowsTo(100).map(({ row }) => row));
    });

    test("an orderly stop takes back what waits, and what is being done ends", async () => {
      await using opened = await openOwnQueue(url);
      const stop = new AbortController();
      opened.work(async ({ row }) => {
        if (row === 10) stop.abort();
        if (!stop.signal.aborted || row < 50) await sleep(20);
      }, 5);
      const ended = await runRows(opened.queue, rowsTo(2_000), batchSettings({ stop, window: 1_000 }));
      expect(ended.length).toBe(opened.done.length);
      expect(ended.length).toBeLessThan(500);
      // BullMQ hears of the end of a row after its result.
      await expect.poll(() => opened.queue.queue(HASH).getJobCountByTypes("wait", "active")).toBe(0);
      // It goes on later.
      const done = new Set(ended.map(({ row }) => row));
      const rest = await runRows(opened.queue, rowsTo(2_000), batchSettings({ isDone: row => done.has(row) }));
      expect(rest.length + ended.length).toBe(2_000);
      expect(opened.done.length).toBe(2_000);
    });

    test("so many failures stop it", async () => {
      await using opened = await openOwnQueue(url);
      opened.work(async () => sleep(5), 10, 500);
      const ended = await runRows(
        opened.queue,
        rowsTo(500),
        batchSettings({ maxErrors: { kind: "count", most: 5 }, window: 10 }),
      );
      expect(ended.length).toBeGreaterThanOrEqual(5);
      expect(ended.length).toBeLessThanOrEqual(5 + 2 * 10);
    });

    test("rows that the queue has lost are given to it again", async () => {
      await using opened = await openOwnQueue(url);
      const told: string[] = [];
      const running = runRows(opened.queue, rowsTo(20), batchSettings({ tell: sentence => void told.push(sentence) }));
      await until(async () => (await opened.queue.queue(HASH).getWaitingCount()) === 20);
      await opened.queue.queue(HASH).obliterate({ force: true });
      await opened.queue.store.remove("batch1");
      opened.work();
      expect(await running).toHaveLength(20);
      expect(opened.done).toHaveLength(20);
      expect(told).toContain("The queue has lost 20 rows, which are given to it again");
    });

    test("equal rows of another batch are not done again, though their jobs are gone", async () => {
      await using opened = await openOwnQueue(url);
      opened.work();
      const rows = [...rowsTo(5), { ...row(6), key: "1", inputs: { n: 1 } }];
      const first = await runRows(opened.queue, rows, batchSettings({ usesLedger: true }));
      // The second of two equal rows is a row of its own.
      expect(first.map(({ status }) => status)).toEqual(Array(6).fill(200));
      const second = await runRows(opened.queue, [...rows, row(7)], batchSettings({ usesLedger: true }, "batch2"));
      const statuses = second.toSorted((a, b) => a.row - b.row).map(({ status }) => status);
      expect(statuses).toEqual([...Array(6).fill("duplicate"), 200]);
      expect(opened.done).toHaveLength(7);
    });

    test("two submitters of the same rows at once do each once", async () => {
      await using opened = await openOwnQueue(url);
      await using other = await openOwnQueue(opened.url);
      opened.work();
      const both = await Promise.all([
        runRows(opened.queue, rowsTo(700), batchSettings({ usesLedger: true })),
        runRows(other.queue, rowsTo(700), batchSettings({ usesLedger: true }, "batch2")),
      ]);
      expect(both.map(({ length }) => length)).toEqual([700, 700]);
      expect(both.flat().filter(({ status }) => status === 200)).toHaveLength(700);
      expect(opened.done.toSorted((a, b) => a - b)).toEqual(rowsTo(700).map(({ row }) => row));
    });

    test("a failed row may be done again by another batch", async () => {
      await using opened = await openOwnQueue(url);
      opened.work(undefined, 5, 500);
      await runRows(opened.queue, rowsTo(3), batchSettings({ usesLedger: true }));
      const again = await runRows(opened.queue, rowsTo(3), batchSettings({ usesLedger: true }, "batch2"));
      expect(again.map(({ status }) => status)).toEqual([500, 500, 500]);
    });

    test("keys of the user tell rows apart, whatever they send", async () => {
      await using opened = await openOwnQueue(url);
      opened.work();
      const rows = [row(1), { ...row(2), key: "1" }, row(3)];
      const ended = await runRows(opened.queue, rows, batchSettings({ usesLedger: true, hasOwnKeys: true }));
      expect(ended.toSorted((a, b) => a.row - b.row).map(({ status }) => status)).toEqual([200, "duplicate", 200]);
    });

    test("rows that are given up come back as failures", async () => {
      await using opened = await openOwnQueue(url);
      opened.work(async ({ row }) => {
        if (row === 2) throw new Error("a worker's own fault");
      });
      const ended = await runRows(opened.queue, rowsTo(3), batchSettings());
      expect(ended.find(({ row }) => row === 2)).toMatchObject({
        status: "WORKER_LOST",
        outputs: null,
        inputs: { n: 2 },
        error: { code: "WORKER_LOST", message: "Row 2 was given up: its worker could not do it; its log says why" },
      });
      expect(ended).toHaveLength(3);
    });

    test("inputs travel as they are", async () => {
      await using opened = await openOwnQueue(url);
      const seen: unknown[] = [];
      opened.work(async ({ inputs }) => void seen.push(inputs));
      const inputs = {
        big: 12345678901234567890n,
        nul: "a\u0000b",
        text: "ü \ud83d\ude00",
        list: [1, null, { a: "}" }],
      };
      await runRows(opened.queue, [{ row: 1, key: "1", inputs }], batchSettings());
      expect(seen).toEqual([inputs]);
    });
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
