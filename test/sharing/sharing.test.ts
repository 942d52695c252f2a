import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Sharing } from "../../src/sharing/sharing.ts";
import { hasRedisServer, type RedisServer, startRedis } from "../support/redis-server.ts";
import { share as begin, type Shared } from "../support/share.ts";

if (!hasRedisServer) process.stderr.write("skipped: shared state that is lost: there is no redis-server\n");

describe.skipIf(!hasRedisServer)("Sharing", () => {
  const open: { close(): Promise<unknown> }[] = [];
  const servers: RedisServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(sharing => sharing.close()));
    await Promise.all(servers.splice(0).map(server => server.kill()));
  });

  async function share(url: string, stateKey?: string): Promise<Shared> {
    const shared = await begin(url, stateKey);
    open.push(shared.sharing);
    return shared;
  }

  async function serverOf(...options: string[]): Promise<RedisServer> {
    const server = await startRedis(...options);
    servers.push(server);
    return server;
  }

  const ask = (sharing: Sharing) =>
    sharing.ask(
      store => store.count("test", 60_000).then(({ count }) => count),
      () => "local" as const,
    );

  const until = async (what: () => boolean) => {
    while (!what()) await pause(20);
  };

  test("does without a store that is killed, tells it once, and goes on when it is there again", async () => {
    const server = await serverOf();
    const { sharing, told } = await share(server.url);
    expect(await ask(sharing)).toBe(1);
    await server.kill();
    for (let i = 0; i < 50; i++) expect(await ask(sharing)).toBe("local");
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`redis://127.0.0.1:${server.port} cannot be used`);
    await server.start();
    await until(() => !sharing.isDown);
    expect(await ask(sharing)).toBe(1);
    expect(told.slice(1)).toEqual([`shared state at redis://127.0.0.1:${server.port} is there again`]);
  });

  test("does not need the store at the start", async () => {
    const server = await serverOf();
    await server.kill();
    const { sharing, told } = await share(server.url);
    expect(await ask(sharing)).toBe("local");
    expect(told[0]).toContain("as if this were the only copy");
    await server.start();
    await until(() => !sharing.isDown);
    expect(await ask(sharing)).toBe(1);
  });

  test("waits no more than a moment for a store that hangs", async () => {
    const server = await serverOf();
    const { sharing, told } = await share(server.url);
    server.signal("SIGSTOP");
    const start = performance.now();
    for (let i = 0; i < 50; i++) expect(await ask(sharing)).toBe("local");
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(told[0]).toContain("it does not answer in time");
    server.signal("SIGCONT");
    await until(() => !sharing.isDown);
    expect(await ask(sharing)).toBeTypeOf("number");
  });

  const UNUSABLE: Readonly<Record<string, readonly [setting: readonly string[], reason: string]>> = {
    "is full": [["maxmemory", "1", "maxmemory-policy", "noeviction"], "OOM"],
    "is a replica, which cannot be written": [["replica-serve-stale-data", "yes"], "READONLY"],
  };
  for (const [what, [settings, reason]] of Object.entries(UNUSABLE)) {
    test(`does without a store that ${what}`, async () => {
      const server = await serverOf();
      const { sharing, told } = await share(server.url);
      expect(await ask(sharing)).toBe(1);
      server.command("config", "set", ...settings);
      if (reason === "READONLY") server.command("replicaof", "127.0.0.1", "1");
      expect(await ask(sharing)).toBe("local");
      expect(told[0]).toContain(`(${reason})`);
      server.command("config", "set", "maxmemory", "0");
      server.command("replicaof", "no", "one");
      await until(() => !sharing.isDown);
      expect(await ask(sharing)).toBeTypeOf("number");
    });
  }

  test("tells neither the password nor the user, whichever way it fails", async () => {
    const server = await serverOf("--requirepass", "MARK-right");
    const wrong = await share(`redis://somebody:MARK-wrong@127.0.0.1:${server.port}/0`);
    expect(await ask(wrong.sharing)).toBe("local");
    expect(wrong.told.join("\n")).toContain("cannot be used");
    expect(wrong.told.join("\n")).not.toMatch(/MARK|somebody/);
    const right = await share(`redis://:MARK-right@127.0.0.1:${server.port}`);
    expect(await ask(right.sharing)).toBe(1);
  });

  test("warns of a store that forgets", async () => {
    const server = await serverOf("--maxmemory-policy", "allkeys-lru");
    const { told } = await share(server.url);
    expect(told).toEqual([expect.stringMatching(/allkeys-lru: set it to noeviction$/)]);
  });

  test("counts the copies, and forgets those that end", async () => {
    const server = await serverOf();
    const { sharing } = await share(server.url);
    expect(sharing.copies).toBe(1);
    const other = await share(server.url);
    await until(() => sharing.copies === 2 && other.sharing.copies === 2);
    await other.sharing.close();
    await until(() => sharing.copies === 1);
  });

  test("opens values for those that have the key and the name alone", async () => {
    const server = await serverOf();
    const [one, same, other] = [
      (await share(server.url, "key")).sharing,
      (await share(server.url, "key")).sharing,
      (await share(server.url, "another")).sharing,
    ];
    const name = one.name("token", "a");
    const sealed = one.seal(name, "value", "secret");
    expect(sealed.toString("latin1")).not.toContain("value");
    expect(same.unseal(name, sealed, "secret")).toBe("value");
    expect(same.unseal(name, sealed, "guess")).toBeUndefined();
    expect(same.unseal(one.name("token", "b"), sealed, "secret")).toBeUndefined();
    expect(other.unseal(name, sealed, "secret")).toBeUndefined();
    expect(same.unseal(name, sealed.subarray(0, 20), "secret")).toBeUndefined();
    expect(one.within("acme").name("token", "a")).not.toBe(name);
    expect(same.hide("caller")).toBe(one.hide("caller"));
    expect(other.hide("caller")).not.toBe(one.hide("caller"));
  });
});
