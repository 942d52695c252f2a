import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import { type CallOptions, createMemoryTransport, createUndiciTransport } from "../../src/index.ts";
import type { Overlay } from "../../src/language/overlays/overlays.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import type { Transport } from "../../src/net/transport.ts";
import { capabilityText } from "../support/capability-text.ts";
import { openAuthenticated } from "../support/open-authenticated.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../support/upstream.ts";
import { withTime } from "../support/with-time.ts";

const document = parse(
  capabilityText({
    namespace: "shop",
    operations: [
      { name: "list", method: "GET", path: "/list" },
      { name: "other", method: "GET", path: "/other" },
      {
        name: "pay",
        method: "POST",
        path: "/pay",
        inputParameters: [{ name: "Idempotency-Key", in: "header", type: "string" }],
      },
      {
        name: "secret",
        method: "GET",
        path: "/secret",
        inputParameters: [{ name: "X-Token", in: "header", value: "{{TOKEN}}" }],
      },
      { name: "events", method: "GET", path: "/events" },
    ],
  }),
) as { binds?: unknown };
document.binds = [{ namespace: "env", keys: { TOKEN: "TOKEN" } }];

const upstreams: Upstream[] = [];

afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.close();
});

async function upstreamOf(answer: Answerer): Promise<Upstream> {
  const upstream = await startUpstream(answer);
  upstreams.push(upstream);
  return upstream;
}

function open(baseUri: string, overlay: Overlay = {}, options: OpenOptions = {}) {
  return openCapability(document, {
    env: {},
    baseUri,
    overlays: { capabilities: { shop: overlay } },
    impliedAuthentication: false,
    ...options,
  });
}

describe("a deadline", () => {
  const silent: Answerer = () => {};
  const busy: Answerer = (_, response) => answerJson(response, 503, {});

  it.each<{
    what: string;
    operation?: string;
    answer?: Answerer;
    overlay?: Overlay;
    options?: OpenOptions;
    call?: CallOptions;
    message: RegExp;
    details: object;
  }>([
    {
      what: "ends an attempt",
      options: { deadlineMs: 60 },
      message: /^list: the call did not end within its deadline of 60 ms \(1 attempt\)$/,
      details: { operation: "list", timeoutMs: 60, reason: "deadline", attempts: 1 },
    },
    {
      what: "of an overlay ends it",
      overlay: { operations: { list: { deadlineMs: 60 } } },
      message: /deadline of 60 ms/,
      details: { timeoutMs: 60 },
    },
    {
      what: "of the call wins",
      options: { deadlineMs: 60_000 },
      call: { deadlineMs: 50 },
      message: /deadline of 50 ms/,
      details: { timeoutMs: 50 },
    },
    {
      what: "ends attempts, however many",
      options: { deadlineMs: 200, timeoutMs: 20, retries: 1_000 },
      message: /^list: .* \(\d+ attempts?(?:; the last that ended: No complete answer .*)?\)$|longer than its deadline/,
      details: {},
    },
    {
      what: "ends the look-up of a variable",
      operation: "secret",
      options: { deadlineMs: 50, bindSources: [() => new Promise(() => {})] },
      message: /^secret: the call did not end within its deadline of 50 ms \(nothing was sent\)$/,
      details: { attempts: 0, reason: "deadline" },
    },
  ])("$what", async ({ operation = "list", answer = silent, overlay, options, call, message, details }) => {
    const { url } = await upstreamOf(answer);
    await using shop = await open(url, overlay, options);
    await expect(shop.run(operation, {}, call)).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringMatching(message),
      details,
    });
  });

  it("is not waited for where the API asks for more", async () => {
    const upstream = await upstreamOf((_, response) => {
      response.writeHead(503, { "retry-after": "20" }).end();
    });
    await using shop = await open(upstream.url, {}, { deadlineMs: 10_000 });
    await expect(shop.run("list")).rejects.toMatchObject({
      code: "HTTP_STATUS",
      message:
        "list: HTTP 503 Service Unavailable; the API asks to wait 20 s, longer than its deadline of 10000 ms allows",
      details: { retryAfterMs: 20_000, unretried: expect.stringContaining("20 s") },
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it("is that of each page by itself", () =>
    withTime(async scale => {
      const { url } = await upstreamOf(({ url: path }, response) => {
        const page = Number(path.split("?").at(1) ?? 1);
        if (page < 3) response.setHeader("link", `</list?${page + 1}>; rel="next"`);
        setTimeout(() => answerJson(response, 200, [page]), 250 * scale);
      });
      await using shop = await open(url, {}, { deadlineMs: 600 * scale });
      const seen: unknown[] = [];
      for await (const { items } of shop.pages("list")) seen.push(items);
      expect(seen).toEqual([[1], [2], [3]]);
    }));

  it("is that of a stream until its end", () =>
    withTime(async scale => {
      const { url } = await upstreamOf((_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: 1\n\n");
      });
      await using shop = await open(url, {}, { deadlineMs: 150 * scale });
      const seen: unknown[] = [];
      const read = async () => {
        for await (const { outputs } of shop.stream("events")) seen.push(outputs);
      };
      await expect(read()).rejects.toMatchObject({ code: "TIMEOUT", details: { reason: "deadline" } });
      expect(seen).toEqual([1]);
    }));

  it("gives way to the caller's own signal", async () => {
    const { url } = await upstreamOf(silent);
    await using shop = await open(url, {}, { deadlineMs: 60_000 });
    const controller = new AbortController();
    const call = shop.run("list", {}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(call).rejects.toMatchObject({ code: "ABORTED", cause: { message: "enough" } });
  });

  it("ends the wait for a turn", () =>
    withTime(async scale => {
      const { url, requests } = await upstreamOf(silent);
      await using shop = await open(url, { concurrency: 1 }, { timeoutMs: 300 * scale, retries: 0 });
      const first = shop.run("list").catch((error: unknown) => error);
      await expect(shop.run("other", {}, { deadlineMs: 50 })).rejects.toMatchObject({
        code: "TIMEOUT",
        details: { reason: "deadline" },
      });
      await first;
      expect(requests.map(({ url: path }) => path)).toEqual(["/list"]);
    }));

  it.each([-1, 1.5, Number.NaN, 2 ** 31])("of %s is a mistake", async deadlineMs => {
    await using shop = await open("http://127.0.0.1:1");
    await expect(shop.run("list", {}, { deadlineMs })).rejects.toThrow(RangeError);
  });

  it("says nothing where the call is done in time", async () => {
    const { url } = await upstreamOf(busy);
    await using shop = await open(url, {}, { deadlineMs: 60_000, retries: 0 });
    await expect(shop.run("list")).rejects.toMatchObject({
      code: "HTTP_STATUS",
      message: "list: HTTP 503 Service Unavailable",
    });
  });
});

describe("an idempotency key", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it.each<{
    what: string;
    operation?: string;
    overlay?: Overlay;
    inputs?: object;
    call?: CallOptions;
    header?: string;
    sent: (string | RegExp | undefined)[];
  }>([
    { what: "is not sent by default, and nothing repeated", sent: [undefined] },
    { what: "of an overlay", overlay: { idempotencyKey: true }, sent: [UUID, UUID] },
    {
      what: "of an overlay, in its header",
      overlay: { operations: { pay: { idempotencyKey: "X-Request-Id" } } },
      header: "x-request-id",
      sent: [UUID, UUID],
    },
    { what: "that the call asks for", call: { idempotencyKey: true }, sent: [UUID, UUID] },
    { what: "of the call", call: { idempotencyKey: "k-1" }, sent: ["k-1", "k-1"] },
    {
      what: "that the call does without",
      overlay: { idempotencyKey: true },
      call: { idempotencyKey: false },
      sent: [undefined],
    },
    {
      what: "of an input, which wins",
      overlay: { idempotencyKey: true },
      inputs: { "Idempotency-Key": "mine" },
      sent: ["mine", "mine"],
    },
    {
      what: "that GET does not need",
      operation: "list",
      overlay: { idempotencyKey: true },
      sent: [undefined, undefined],
    },
    {
      what: "that is not needed where an overlay says that POST may be repeated",
      overlay: { operations: { pay: { idempotent: true } } },
      sent: [undefined, undefined],
    },
  ])("$what", async ({ operation = "pay", overlay, inputs = {}, call, header = "idempotency-key", sent }) => {
    const upstream = await upstreamOf((_, response) => answerJson(response, 503, {}));
    await using shop = await open(upstream.url, overlay, { retries: 1 });
    const keysOf = () => upstream.requests.splice(0).map(({ headers }) => headers[header]);
    const failed = { code: "HTTP_STATUS" };
    await expect(shop.run(operation, inputs as never, call)).rejects.toMatchObject(failed);
    const keys = keysOf();
    expect(keys).toEqual(sent.map(key => (key instanceof RegExp ? expect.stringMatching(key) : key)));
    expect(new Set(keys).size).toBe(1);
    await expect(shop.run(operation, inputs as never, call)).rejects.toMatchObject(failed);
    if (sent[0] instanceof RegExp) expect(keysOf()[0]).not.toBe(keys[0]);
  });

  it("is the same where a challenge is answered", async () => {
    const upstream = await upstreamOf(({ headers }, response) => {
      if (headers.authorization !== undefined) return answerJson(response, 200, {});
      response.writeHead(401, { "www-authenticate": 'Digest realm="r", nonce="n", qop="auth"' }).end();
    });
    await using api = await openAuthenticated({
      authentication: { type: "digest", username: "u", password: "p" },
      baseUri: upstream.url,
    });
    await api.run("put", { body: {} }, { idempotencyKey: true });
    const keys = upstream.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([expect.stringMatching(UUID), keys[0]]);
  });

  it("is shown by prepare()", async () => {
    await using shop = await open("http://127.0.0.1:1", { idempotencyKey: true });
    expect((await shop.prepare("pay")).headers).toMatchObject({
      "idempotency-key": expect.stringMatching(UUID),
    });
    const { headers } = await shop.prepare("pay", {}, { idempotencyKey: "mine" });
    expect(headers).toMatchObject({ "idempotency-key": "mine" });
  });

  it.each(["", "  ", "a\nb", "\u20ac"])("of %j is a mistake", async idempotencyKey => {
    await using shop = await open("http://127.0.0.1:1");
    await expect(shop.run("pay", {}, { idempotencyKey })).rejects.toThrow(TypeError);
  });

  it("goes into no header that only the transport may write", async () => {
    await expect(open("http://a.test", { idempotencyKey: "Content-Length" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('"Content-Length" is a header that only the transport may write'),
    });
  });
});

describe("a host", () => {
  it("sees no more requests at once than an overlay says", async () => {
    let running = 0;
    let most = 0;
    const { url, requests } = await upstreamOf((_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        answerJson(response, 200, {});
      }, 5);
    });
    await using shop = await open(url, { concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, index) => shop.run(index % 2 === 0 ? "list" : "other")));
    expect({ most, sent: requests.length }).toEqual({ most: 3, sent: 20 });
  });

  it("is one for capabilities that share a transport", async () => {
    let running = 0;
    let most = 0;
    const { url } = await upstreamOf((_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        answerJson(response, 200, {});
      }, 5);
    });
    const transport = createUndiciTransport();
    const shops = await Promise.all([0, 1, 2].map(() => open(url, { concurrency: 1 }, { transport })));
    await Promise.all(shops.map(shop => shop.run("list")));
    for (const shop of shops) await shop.close();
    await transport.close?.();
    expect(most).toBe(1);
  });

  it("is left alone when its circuit breaker opens", async () => {
    let sent = 0;
    const transport = createMemoryTransport(() => {
      sent++;
      return { status: 503 };
    });
    const overlay = { circuitBreaker: { minimumCalls: 4 } };
    const shop = await open("http://a.test", overlay, { transport, retries: 0 });
    for (let call = 0; call < 4; call++) await shop.run("list").catch(() => {});
    await expect(shop.run("other")).rejects.toMatchObject({
      code: "CIRCUIT_OPEN",
      message: expect.stringMatching(
        /^other: Nothing is sent to a\.test: 4 of the last 4 calls failed; one is let through again in /,
      ),
      details: { operation: "other", calls: 4, failures: 4, retryInMs: expect.any(Number) },
    });
    expect(sent).toBe(4);
  });

  it("has a breaker of the default measure where an overlay says true", async () => {
    const calls: string[] = [];
    const transport: Transport = async ({ url }) => {
      calls.push(url);
      return { status: 500, statusText: "", headers: {}, body: new Uint8Array() };
    };
    const shop = await open("http://a.test", { circuitBreaker: true }, { transport });
    for (let call = 0; call < 12; call++) await shop.run("list").catch(() => {});
    expect(calls).toHaveLength(10);
  });
});

it("retries twice by default", async () => {
  const upstream = await upstreamOf((_, response) => answerJson(response, 502, {}));
  await using shop = await open(upstream.url);
  await expect(shop.run("list")).rejects.toMatchObject({
    message: "list: HTTP 502 Bad Gateway, after 3 attempts",
    details: { attempts: 3, status: 502 },
  });
  expect(upstream.requests).toHaveLength(3);
});
