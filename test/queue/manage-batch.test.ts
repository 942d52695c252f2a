import { expect, test } from "vitest";
import type { EndedRow } from "../../src/batch/row.ts";
import { detachBatch } from "../../src/queue/detach-batch.ts";
import { batchResults, batchStatus, cancelBatch, retryBatch } from "../../src/queue/manage-batch.ts";
import { batchSettings, HASH, openOwnQueue, reader, row, rowsTo } from "../support/queued-rows.ts";
import { QUEUE_SERVICES, withService } from "../support/services.ts";

for (const service of QUEUE_SERVICES) {
  withService(service, `a batch that nobody waits for: ${service}`, url => {
    test("stays on the queue with its results", async () => {
      await using opened = await openOwnQueue(url);
      const { queue } = opened;
      const rows = [...rowsTo(1_100), { row: 1_101, line: 7, problem: "has too few cells" }];
      expect(await detachBatch(queue, reader(rows), batchSettings(), never())).toBe(1_101);
      const waiting = await batchStatus(queue, "batch1");
      expect(waiting).toMatchObject({ ended: 1, open: 1_100, workers: [], foreign: 0 });
      expect(waiting.problem).toMatch(/^No worker is at the queue .*: start one with naftiko worker; the rows wait$/);
      opened.work();
      await ended(opened, "batch1", 1_101);
      const first = await results(opened, "batch1");
      expect(first.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows.map(({ row }) => row));
      expect(await results(opened, "batch1")).toEqual(first);
      expect(await batchStatus(queue, "batch1")).toMatchObject({
        open: 0,
        problem: undefined,
        state: { counts: { 200: 1_100, ROW_INVALID: 1 } },
      });
    });

    test("its failed rows are done again", async () => {
      await using opened = await openOwnQueue(url);
      await detachBatch(opened.queue, reader(rowsTo(4)), batchSettings({ usesLedger: true }), never());
      let isDown = true;
      opened.work(async ({ row }) => {
        if (isDown && row % 2 === 0) throw new Error("a fault");
      });
      await ended(opened, "batch1", 4);
      expect((await batchStatus(opened.queue, "batch1")).state.counts).toEqual({ 200: 2, WORKER_LOST: 2 });
      isDown = false;
      expect(await retryBatch(opened.queue, "batch1")).toBe(2);
      await ended(opened, "batch1", 4);
      expect((await batchStatus(opened.queue, "batch1")).state.counts).toEqual({ 200: 4 });
      expect(await results(opened, "batch1")).toHaveLength(4);
      expect(await retryBatch(opened.queue, "batch1")).toBe(0);
    });

    test("is cancelled: what waits is not done, and may be by others", async () => {
      await using opened = await openOwnQueue(url);
      await detachBatch(opened.queue, reader(rowsTo(50)), batchSettings({ usesLedger: true }), never());
      expect(await cancelBatch(opened.queue, "batch1")).toBe(50);
      expect(await opened.queue.queue(HASH).getWaitingCount()).toBe(0);
      await expect(batchStatus(opened.queue, "batch1")).rejects.toMatchObject({ code: "USAGE" });
      const other = batchSettings({ usesLedger: true }, "batch2");
      await detachBatch(opened.queue, reader(rowsTo(50)), other, never());
      expect((await batchStatus(opened.queue, "batch2")).ended).toBe(0);
    });

    test("is taken back where it is interrupted", async () => {
      await using opened = await openOwnQueue(url);
      expect(await detachBatch(opened.queue, reader(rowsTo(5)), batchSettings(), AbortSignal.abort())).toBeUndefined();
      expect(await opened.queue.store.ids()).toEqual([]);
    });

    test("is looked for by its id", async () => {
      await using opened = await openOwnQueue(url);
      await expect(batchStatus(opened.queue, "batch9")).rejects.toMatchObject({
        code: "USAGE",
        message: expect.stringMatching(/has no batch "batch9"; it has none$/),
      });
      await detachBatch(opened.queue, reader([row(1)]), batchSettings(), never());
      await expect(batchStatus(opened.queue, "batch9")).rejects.toThrow(/did you mean "batch1"\?$/);
      await expect(batchStatus(opened.queue, "../\u001b[31m")).rejects.toMatchObject({ code: "USAGE" });
    });

    test("jobs that belong to nobody stay, and do no harm", async () => {
      await using opened = await openOwnQueue(url);
      const { queue } = opened;
      const foreign = [
        { v: 1 },
        { v: 99, batch: "batch1", row: 3, inputs: {} },
        { x: "y".repeat(100_000) },
        [1],
        "text",
      ];
      for (const data of foreign) await queue.queue(HASH).add("row", data);
      await detachBatch(queue, reader(rowsTo(3)), batchSettings(), never());
      opened.work(async ({ row }) => {
        // The other version's job of the row is the one that ends it.
        if (row === 3) throw new Error("not done");
      });
      await ended(opened, "batch1", 3);
      const status = await batchStatus(queue, "batch1");
      expect(status.foreign).toBe(4);
      const third = (await results(opened, "batch1")).find(({ row }) => row === 3);
      expect(third?.error?.code).toMatch(/QUEUE_REFUSED|WORKER_LOST/);
    });
  });
}

type Opened = Awaited<ReturnType<typeof openOwnQueue>>;

function never(): AbortSignal {
  return new AbortController().signal;
}

async function ended({ queue }: Opened, id: string, count: number): Promise<void> {
  while ((await batchStatus(queue, id)).ended < count) await new Promise(resolve => setTimeout(resolve, 50));
}

async function results({ queue }: Opened, id: string): Promise<EndedRow[]> {
  const found: EndedRow[] = [];
  for await (const end of batchResults(queue, id)) found.push(end);
  return found;
}
