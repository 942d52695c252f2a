import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { batchSettings, openOwnQueue, rowsTo, runRows } from "../support/queued-rows.ts";
import { withService } from "../support/services.ts";

withService("NAFTIKO_TEST_POSTGRES", "a Postgres whose connections break", url => {
  test("again and again, from the first on, gets each row and gives each result", async () => {
    const named = new URL(url);
    const name = `broken${crypto.randomUUID()}`;
    named.searchParams.set("application_name", name);
    await using opened = await openOwnQueue(named.href);
    const operator = new pg.Client({ connectionString: url });
    await operator.connect();
    const rows = rowsTo(400);
    opened.work();
    const running = runRows(opened.queue, rows, batchSettings());
    for (let times = 0; times < 20; times++) {
      await operator.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [
        name,
      ]);
      await sleep(5 + 3 * times);
    }
    const ended = await running;
    expect(new Set(ended.map(({ row }) => row)).size).toBe(rows.length);
    await operator.end();
  });
});
