import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSharedStore } from "../../src/sharing/open-shared-store.ts";
import type { SharedStore } from "../../src/sharing/shared-store.ts";
import { parseStoreUrl } from "../../src/sharing/store-url.ts";

const STORES = { Redis: process.env["NAFTIKO_TEST_REDIS"] };

for (const [kind, url] of Object.entries(STORES)) {
  if (url === undefined) process.stderr.write(`skipped: shared state on ${kind}: .ci/services starts one\n`);
  describe.skipIf(url === undefined)(`A shared store on ${kind}`, () => {
    const run = Math.random().toString(36).slice(2);
    const name = (word: string) => `test:${run}:${word}`;
    let stores: readonly [SharedStore, SharedStore];

    beforeAll(async () => {
      const parsed = parseStoreUrl(url ?? "");
      if (parsed === undefined) throw new Error("no URL");
      stores = [await openSharedStore(parsed), await openSharedStore(parsed)];
    });
    afterAll(() => Promise.all(stores.map(store => store.close())));

    test("counts from the first request on, for all processes", async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, (_, i) => pick(i).count(name("count"), 300)));
      expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
      for (const { endsInMs } of counts) expect(endsInMs).toBeLessThanOrEqual(300);
      await pause(350);
      expect((await stores[0].count(name("count"), 300)).count).toBe(1);
    });

    test("gives no more turns than may begin in an interval", async () => {
      const rate = { requests: 5, intervalMs: 200 };
      const [a, b] = [
        await stores[0].turns(name("turns"), rate, 4, 150),
        await stores[1].turns(name("turns"), rate, 4, 150),
      ];
      expect(a.waitsMs).toEqual([0, 0, 0, 0]);
      expect(b.waitsMs).toEqual([0]);
      expect(b.nextMs).toBeGreaterThan(150);
      await pause(60);
      const c = await stores[0].turns(name("turns"), rate, 3, 150);
      expect(c.waitsMs).toHaveLength(3);
      for (const waitMs of c.waitsMs) expect(waitMs).toBeGreaterThan(100);
    });

    test("shares places, and takes back those of a process that says no more", async () => {
      const say = (store: SharedStore, holder: string, used: number, wanted: number, lifeMs = 10_000) =>
        store.places(name("places"), holder, { used, wanted, limit: 4, lifeMs });
      expect(await say(stores[0], "a", 0, 6)).toBe(4);
      expect(await say(stores[1], "b", 0, 6)).toBe(0);
      // Places that are used stay.
      expect(await say(stores[0], "a", 4, 6)).toBe(4);
      expect(await say(stores[0], "a", 2, 6)).toBe(2);
      expect(await say(stores[1], "b", 0, 6)).toBe(2);
      expect(await say(stores[0], "a", 0, 0)).toBe(0);
      expect(await say(stores[1], "b", 2, 6, 100)).toBe(4);
      await pause(150);
      expect(await say(stores[0], "a", 0, 3)).toBe(3);
    });

    test("gives the only place to the process that has waited longest", async () => {
      const say = (holder: string, used: number, wanted: number) =>
        stores[0].places(name("only"), holder, { used, wanted, limit: 1, lifeMs: 10_000 });
      expect(await say("a", 0, 2)).toBe(1);
      await pause(5);
      expect(await say("b", 0, 2)).toBe(0);
      await pause(5);
      expect(await say("a", 0, 1)).toBe(0);
      expect(await say("b", 0, 2)).toBe(1);
    });

    test("counts members until they say no more", async () => {
      expect(await stores[0].members(name("members"), "a", 200)).toBe(1);
      expect(await stores[1].members(name("members"), "b", 5_000)).toBe(2);
      await pause(250);
      expect(await stores[1].members(name("members"), "b", 5_000)).toBe(1);
      expect(await stores[0].members(name("members"), "a", 1)).toBe(2);
      await pause(10);
      expect(await stores[1].members(name("members"), "b", 5_000)).toBe(1);
    });

    test("sums calls of a time that goes on", async () => {
      await stores[0].tally(name("tally"), 400, { calls: 3, failures: 1 });
      expect(await stores[1].tally(name("tally"), 400, { calls: 2, failures: 2 })).toEqual({ calls: 5, failures: 3 });
      await pause(450);
      expect(await stores[0].tally(name("tally"), 400, { calls: 0, failures: 0 })).toEqual({ calls: 0, failures: 0 });
    });

    test("pauses, and lets no shorter pause end a longer one", async () => {
      expect(await stores[0].pausedMs(name("pause"))).toBe(0);
      await stores[0].pause(name("pause"), 5_000);
      await stores[1].pause(name("pause"), 100);
      expect(await stores[1].pausedMs(name("pause"))).toBeGreaterThan(4_000);
    });

    test("keeps values for a time, and changes them only as they were", async () => {
      const [one, two] = [Buffer.from([0, 255, 10]), Buffer.from("two")];
      expect(await stores[0].get(name("value"))).toBeUndefined();
      expect(await stores[0].setIfAbsent(name("value"), one, 5_000)).toBeUndefined();
      expect(await stores[1].setIfAbsent(name("value"), two, 5_000)).toEqual(one);
      expect(await stores[1].replace(name("value"), two, two, 5_000)).toBe(false);
      expect(await stores[1].replace(name("value"), one, two, 200)).toBe(true);
      await stores[0].delete(name("value"), one);
      expect(await stores[0].get(name("value"))).toEqual(two);
      await pause(250);
      expect(await stores[0].get(name("value"))).toBeUndefined();
      await stores[0].set(name("value"), one, 5_000);
      await stores[1].delete(name("value"), one);
      expect(await stores[0].get(name("value"))).toBeUndefined();
      await stores[0].set(name("value"), one, 5_000);
      await stores[1].delete(name("value"));
      expect(await stores[0].get(name("value"))).toBeUndefined();
    });

    function pick(index: number): SharedStore {
      return stores[index % 2 === 0 ? 0 : 1];
    }
  });
}
