import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { hasRedisServer, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { type RunningCommand, runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

if (!hasRedisServer) process.stderr.write("skipped: copies of a server share: there is no redis-server\n");

const SHOP = `naftiko: 1.0.0-alpha3
capability:
  exposes:
    - type: rest
      namespace: shop
      port: 0
      resources:
        - path: /ping
          operations: [ { method: GET, outputParameters: [ { name: answer, type: string, value: pong } ] } ]
`;

interface Copy {
  readonly command: RunningCommand;
  readonly url: string;
  readonly stderr: () => string;
}

describe.skipIf(!hasRedisServer)("copies of a server", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function redisOf(...options: string[]): Promise<RedisServer> {
    const redis = await startRedis(...options);
    ends.push(() => redis.kill());
    return redis;
  }

  async function copyOf(folder: string, args: readonly string[], env = {}): Promise<Copy> {
    const command = await startCommand(["serve", "shop.yaml", ...args], { cwd: folder, env });
    let stderr = "";
    command.child.stderr.on("data", (text: string) => {
      stderr += text;
    });
    const [, url = ""] = await command.waitFor(/shop listens on (\S+)\n/, "stderr");
    ends.push(async () => {
      command.child.kill("SIGTERM");
      await command.finished;
    });
    return { command, url, stderr: () => stderr };
  }

  const statusOf = async (copy: Copy) => (await fetch(`${copy.url}/ping`)).status;

  async function admitted(copies: readonly Copy[], times: number): Promise<number> {
    const asked = Array.from({ length: times }, (_, index) => statusOf(copies[index % copies.length] as Copy));
    return (await Promise.all(asked)).filter(status => status === 200).length;
  }

  it("count the requests of a caller together, and each its share while Redis is away", async () => {
    const redis = await redisOf();
    const folder = await temporaryFolder({ "shop.yaml": SHOP });
    const args = ["--redis", redis.url, "--rate-limit", "20/1h"];
    const copies = [await copyOf(folder, args), await copyOf(folder, args)];
    expect(await admitted(copies, 60)).toBe(20);
    // Each has heard of the other.
    await pause(1_500);
    await redis.kill();
    expect(await admitted(copies, 60)).toBe(20);
    await redis.start();
    for (const copy of copies) await copy.command.waitFor(/shared state at \S+ is there again/, "stderr");
    expect(await admitted(copies, 60)).toBe(20);
    for (const { stderr } of copies) {
      expect(stderr().match(/cannot be used/g)).toHaveLength(1);
      expect(stderr()).toContain("one of 2");
    }
  });

  const KEYS = [markedSecret("key-a"), markedSecret("key-b")] as const;
  const PASSWORD = markedSecret("password");
  const basicOf = (user: string) => `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString("base64")}`;
  const bearers = KEYS.map(key => ({ authorization: `Bearer ${key}` }));
  const tenantKeys = KEYS.map((key, index) => `t${index}: sha256:${createHash("sha256").update(key).digest("hex")}`);

  it.each<[of: string, authentication: string, config: string, callers: readonly Record<string, string>[]]>([
    ["a key", '{ type: apikey, key: X-Key, in: header, value: "{{SECRET}}" }', "{}", [{ "x-key": PASSWORD }]],
    ["a tenant's key", '{ type: bearer, token: "{{SECRET}}" }', `tenants: { apiKeys: { ${tenantKeys} } }`, bearers],
    [
      "a gateway",
      '{ type: basic, username: u, password: "{{SECRET}}" }',
      "tenants: { header: X-Tenant }",
      ["a", "b"].map(tenant => ({ authorization: basicOf("u"), "x-tenant": tenant })),
    ],
  ])("count the requests of callers with %s together", async (_, authentication, config, callers) => {
    const redis = await redisOf();
    const binds = "binds: [ { namespace: own, keys: { SECRET: SECRET } } ]\ncapability:";
    const shop = SHOP.replace("capability:", binds).replace(
      "port: 0",
      `port: 0\n      authentication: ${authentication}`,
    );
    const folder = await temporaryFolder({ "shop.yaml": shop, "config.yaml": config });
    const args = ["--redis", redis.url, "--rate-limit", "6/1h", "--config", "config.yaml"];
    const copies = [await copyOf(folder, args, { SECRET: PASSWORD }), await copyOf(folder, args, { SECRET: PASSWORD })];
    for (const headers of callers) {
      const asked = Array.from({ length: 10 }, (_, index) => fetch(`${copies[index % 2]?.url}/ping`, { headers }));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.filter(status => status === 200)).toHaveLength(6);
      expect(statuses.filter(status => status === 429)).toHaveLength(4);
    }
  });

  it("serve without a Redis that was never there, and take its URL from a file or the environment", async () => {
    const redis = await redisOf("--requirepass", markedSecret("redis"));
    const url = redis.url.replace("//", `//:${markedSecret("redis")}@`);
    const folder = await temporaryFolder({ "shop.yaml": SHOP, "redis-url": `${url}\n` });
    const copies = [
      await copyOf(folder, ["--redis", "@redis-url", "--rate-limit", "4/1h"]),
      await copyOf(folder, ["--rate-limit", "4/1h"], { NAFTIKO_REDIS: url }),
    ];
    expect(await admitted(copies, 8)).toBe(4);
    const alone = await copyOf(folder, ["--redis", "redis://127.0.0.1:1", "--rate-limit", "4/1h"]);
    expect(await admitted([alone], 8)).toBe(4);
    await alone.command.waitFor(/redis:\/\/127.0.0.1:1 cannot be used \(no connection\)/, "stderr");
  });

  const REFUSED: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ["another scheme", ["--redis", "http://cache.example"], /found one that begins with http:/],
    ["no URL", ["--redis", markedSecret("word")], /--redis is a URL such as redis:.*found another text/],
    ["a database that is no number", ["--redis", "redis://h/abc"], /number of a database.*found \/abc/],
    ["a file that is not there", ["--redis", "@none"], /names the file none, which cannot be read.*ENOENT/],
    ["a short key", ["--redis", "redis://127.0.0.1:1", "--state-key", "key"], /has 5 characters/],
  ];
  for (const [what, args, message] of REFUSED) {
    it(`refuse ${what} without showing it`, async () => {
      const folder = await temporaryFolder({ "shop.yaml": SHOP, key: "short" });
      const { code, stderr } = await runCommand(["serve", "shop.yaml", ...args], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    });
  }
});
