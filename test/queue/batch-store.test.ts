import { describe, expect, test } from "vitest";
import { type BatchRecord, ledgerName, type QueuedJob, queuedJob } from "../../src/queue/job.ts";
import type { JobQueue } from "../../src/queue/job-queue.ts";
import { openQueue } from "../../src/queue/open-queue.ts";
import { ownQueue, QUEUE_SERVICES, withService } from "../support/services.ts";

const HASH = "h".repeat(22);

for (const service of QUEUE_SERVICES) {
  withService(service, `what is kept of batches: ${service}`, url => {
    test("a batch is made once, and goes on as it was", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      expect(await store.find("batch1")).toBeUndefined();
      const first = await store.create(record("batch1"));
      expect(first).toMatchObject({ claimed: 0, submitted: 0, isCancelled: false, counts: {} });
      await store.claim("batch1", [{ row: 1 }, { row: 2 }]);
      await store.submitted("batch1", 2);
      await store.submitted("batch1", 1);
      await store.complete("batch1", 2);
      await store.cancel("batch1");
      expect(await store.find("batch1")).toMatchObject({ claimed: 2, submitted: 2, rows: 2, isCancelled: true });
      const again = await store.create({ ...record("batch1"), operation: "another" });
      expect(again.record.operation).toBe("list");
      expect(again).toMatchObject({ claimed: 2, submitted: 2, isCancelled: false });
      expect(again.rows).toBeUndefined();
    });

    test("the first result of a row counts, and only those of its rows", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      await store.create(record("batch1"));
      await store.claim("batch1", [{ row: 1 }, { row: 2 }]);
      const result = (row: number, line: string) => ({ row, status: 200, line });
      expect(await store.addResults("batch1", [result(2, "a"), result(2, "b"), result(1, "c")])).toBe(2);
      expect(await store.addResults("batch1", [result(1, "d"), result(3, "e"), result(4_000_000_000, "f")])).toBe(0);
      expect(await store.addResults("nobody", [result(1, "g")])).toBe(0);
      expect((await lines(opened.queue, "batch1")).sort()).toEqual(["a", "c"]);
      expect((await store.find("batch1"))?.counts).toEqual({ 200: 2 });
      expect([await store.isDone("batch1", 1), await store.isDone("batch1", 3)]).toEqual([true, false]);
    });

    test("results are read on from one, and stay done when they are dropped", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      await store.create(record("batch1"));
      await store.claim("batch1", [{ row: 3 }]);
      for (const row of [1, 2, 3]) await store.addResults("batch1", [{ row, status: 200, line: String(row) }]);
      const [first, second] = await store.results("batch1", "0", 2);
      expect([first?.line, second?.line]).toEqual(["1", "2"]);
      expect((await store.results("batch1", second?.cursor ?? "", 9)).map(({ line }) => line)).toEqual(["3"]);
      await store.drop("batch1", second?.cursor ?? "");
      expect(await lines(opened.queue, "batch1")).toEqual(["3"]);
      expect(await store.addResults("batch1", [{ row: 1, status: 200, line: "again" }])).toBe(0);
      expect((await store.find("batch1"))?.counts).toEqual({ 200: 3 });
    });

    test("the ledger gives a name to one row, and gets it back where that fails", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      for (const id of ["batch1", "batch2"]) await store.create(record(id));
      const [a, b] = [ledgerName("a"), ledgerName("b")];
      const claimed = [{ row: 1, ledger: a }, { row: 2, ledger: b }, { row: 3, ledger: a }, { row: 4 }];
      expect(await store.claim("batch1", claimed)).toEqual([3]);
      expect(await store.claim("batch1", claimed)).toEqual([3]);
      expect(await store.claim("batch2", claimed)).toEqual([1, 2, 3]);
      await store.addResults("batch1", [
        { row: 1, status: 200, line: "done" },
        { row: 2, status: 503, line: "failed", release: b },
      ]);
      expect(await store.claim("batch2", claimed)).toEqual([1, 3]);
    });

    test("two who claim the same names at once share them out", async () => {
      await using opened = await open(url);
      await using other = await open(opened.url);
      const names = Array.from({ length: 400 }, (_, index) => ({ row: index + 1, ledger: ledgerName(String(index)) }));
      await opened.queue.store.create(record("batch1"));
      await other.queue.store.create(record("batch2"));
      const taken = await Promise.all([
        opened.queue.store.claim("batch1", names),
        other.queue.store.claim("batch2", names.toReversed()),
      ]);
      expect(taken.flat().sort((a, b) => a - b)).toEqual(names.map(({ row }) => row));
    });

    test("rows that wait are taken back, those of other batches stay", async () => {
      await using opened = await open(url);
      const { queue } = opened;
      const rows = Array.from({ length: 30 }, (_, index) => index + 1);
      for (const id of ["batch1", "batch2"]) {
        await queue.store.create(record(id));
        await queue.store.claim(
          id,
          rows.map(row => ({ row, ledger: ledgerName(id, String(row)) })),
        );
        await queue.add(
          HASH,
          rows.map(row => job(id, row)),
        );
        await queue.store.submitted(id, 30);
      }
      expect(await queue.store.takeBack("batch1", HASH)).toBe(30);
      const waiting = await queue.queue(HASH).getWaiting();
      expect(waiting.map(({ id }) => id).sort()).toEqual(rows.map(row => `batch2.${row}`).sort());
      expect(await queue.store.find("batch1")).toMatchObject({ submitted: 0, claimed: 30 });
      await queue.store.create(record("batch3"));
      expect(await queue.store.claim("batch3", [{ row: 1, ledger: ledgerName("batch1", "1") }])).toEqual([]);
      expect(await queue.store.claim("batch3", [{ row: 2, ledger: ledgerName("batch2", "1") }])).toEqual([2]);
    });

    test("a job that is there is not added again", async () => {
      await using opened = await open(url);
      const { queue } = opened;
      await queue.add(HASH, [job("batch1", 1), job("batch1", 2)]);
      await queue.add(HASH, [job("batch1", 2), job("batch1", 3)]);
      expect(await queue.queue(HASH).getWaitingCount()).toBe(3);
    });

    test("failed rows are taken out to be done again", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      await store.create(record("batch1"));
      await store.claim("batch1", [{ row: 2 }]);
      await store.addResults("batch1", [
        { row: 1, status: 503, line: "failed" },
        { row: 2, status: 200, line: "done" },
      ]);
      const [failed] = await store.results("batch1", "0", 1);
      if (failed !== undefined) await store.reopen("batch1", { ...failed, row: 1, status: 503 });
      expect(await lines(opened.queue, "batch1")).toEqual(["done"]);
      expect(await store.isDone("batch1", 1)).toBe(false);
      expect(await store.reopened("batch1")).toEqual(["failed"]);
      expect((await store.find("batch1"))?.counts).toEqual({ 200: 1 });
      await store.requeued("batch1", [1]);
      expect(await store.reopened("batch1")).toEqual([]);
    });

    test("workers tell that they are there; batches are removed", async () => {
      await using opened = await open(url);
      const { store } = opened.queue;
      const worker = { id: "w1", host: "here", pid: 7, capabilities: [{ name: "a", hash: HASH }] };
      expect(await store.workers()).toEqual([]);
      await store.seen(worker);
      expect(await store.workers()).toEqual([worker]);
      await store.gone("w1");
      expect(await store.workers()).toEqual([]);
      for (const id of ["old1", "new1"]) await store.create(record(id, id === "old1" ? 1 : 2));
      expect(await store.ids()).toEqual(["new1", "old1"]);
      await store.remove("old1");
      expect(await store.ids()).toEqual(["new1"]);
    });
  });
}

describe("names in the ledger", () => {
  test("tell nothing of what they are made of", () => {
    expect(ledgerName("a", "b")).not.toBe(ledgerName("ab"));
    expect(ledgerName("a")).toMatch(/^[\w-]{32}$/);
  });
});

interface Opened extends AsyncDisposable {
  readonly queue: JobQueue;
  readonly url: string;
}

async function open(url: string): Promise<Opened> {
  const own = url.includes("queue=") ? url : ownQueue(url);
  const queue = await openQueue(own, () => {});
  return { queue, url: own, [Symbol.asyncDispose]: () => queue.close() };
}

function record(id: string, second = 0): BatchRecord {
  const started = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    id,
    capability: { name: "countries", hash: HASH },
    operation: "list",
    started,
    detached: false,
    hasKeys: false,
  };
}

function job(batch: string, row: number): QueuedJob {
  const ledger = ledgerName(batch, String(row));
  return queuedJob({ batch, row, key: String(row), inputs: { row }, ledger, again: false }) as QueuedJob;
}

async function lines(queue: JobQueue, id: string): Promise<string[]> {
  return (await queue.store.results(id, "0", 100)).map(({ line }) => line);
}
