import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { openRuntime } from "../../../src/engine/open.ts";
import type { Runtime } from "../../../src/engine/runtime.ts";
import { markedSecret } from "../../support/marked-secret.ts";
import { hasRedisServer, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { startRotatingServer } from "../../support/rotating-server.ts";
import { type Shared, share } from "../../support/share.ts";
import { answerJson, startUpstream } from "../../support/upstream.ts";

if (!hasRedisServer) process.stderr.write("skipped: tokens that processes share: there is no redis-server\n");

describe.skipIf(!hasRedisServer)("tokens that processes share", () => {
  let redis: RedisServer;
  let shared: Shared[];
  const runtimes: Runtime[] = [];
  beforeEach(async () => {
    redis = await startRedis();
    shared = [await share(redis.url), await share(redis.url), await share(redis.url)];
  });
  afterEach(async () => {
    await Promise.all(runtimes.splice(0).map(runtime => runtime.close()));
    await Promise.all(shared.map(({ sharing }) => sharing.close()));
    await redis.kill();
  });

  const open = (url: string, fields: object) =>
    Promise.all(
      shared.map(async ({ sharing }) => {
        const authentication = { type: "oauth2", tokenEndpoint: `${url}/token`, clientId: "app", ...fields };
        const operations = [{ name: "get", method: "GET" }];
        const resources = [{ name: "data", path: "/data", operations }];
        const consumes = [{ type: "http", namespace: "api", baseUri: url, authentication, resources }];
        const source = { naftiko: "1.0.0-alpha3", capability: { consumes } };
        const runtime = await openRuntime(source, { retries: 0 }, { cwd: "/", secrets: new SecretMask(), sharing });
        runtimes.push(runtime);
        return runtime;
      }),
    );

  const call = (runtime: Runtime) => runtime.call("api.get", {}, {}, "value");

  it("are asked for once, and each refresh token is used once", async () => {
    const server = await startRotatingServer(50);
    const opened = await open(server.url, { grant: "refresh_token", refreshToken: "a.0" });
    await Promise.all(opened.flatMap(runtime => [call(runtime), call(runtime)]));
    expect(server.used).toEqual(["a.0"]);
    await server.close();
  });

  it("are encrypted, asked for by each while Redis is away, and once again when it is there", async () => {
    let asked = 0;
    const secret = markedSecret("client");
    const token = markedSecret("token");
    const upstream = await startUpstream(({ url }, response) => {
      if (url === "/token") asked++;
      answerJson(response, 200, url === "/token" ? { access_token: token, token_type: "bearer", expires_in: 600 } : {});
    });
    const opened = await open(upstream.url, { clientSecret: secret });
    await Promise.all(opened.map(call));
    expect(asked).toBe(1);
    const [name = ""] = redis.command("--scan", "--pattern", "naftiko:tokens:*").split("\n");
    const kept = redis.command("get", name);
    expect(kept.length).toBeGreaterThan(20);
    expect(kept).not.toContain(token);
    await redis.kill();
    const others = await open(upstream.url, { clientSecret: secret });
    await Promise.all(others.map(call));
    expect(asked).toBe(4);
    await redis.start();
    while (shared.some(({ sharing }) => sharing.isDown)) await pause(20);
    const again = await open(upstream.url, { clientSecret: secret });
    await Promise.all(again.map(call));
    expect(asked).toBe(5);
    await upstream.close();
  });

  it("of another secret are not taken", async () => {
    const upstream = await startUpstream(({ url }, response) => {
      answerJson(response, 200, url === "/token" ? { access_token: "a", token_type: "bearer", expires_in: 600 } : {});
    });
    const [first] = await open(upstream.url, { clientSecret: "one" });
    await call(first as Runtime);
    const [, second] = await open(upstream.url, { clientSecret: "two" });
    await call(second as Runtime);
    expect(upstream.requests.filter(({ url }) => url === "/token")).toHaveLength(2);
    await upstream.close();
  });
});
