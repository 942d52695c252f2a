import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createResponseCache, type ResponseCache } from "../../../src/net/cache/response-cache.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { ExchangeParts } from "../../support/exchange.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { asker } from "./open-cache.ts";

/** Answers that wait until the test lets them go. */
let held: ServerResponse[];
let upstream: Upstream;
let cache: ResponseCache;
let ask: ReturnType<typeof asker>;

beforeEach(async () => {
  held = [];
  upstream = await startUpstream((_, response) => held.push(response));
  cache = createResponseCache();
  ask = asker(cache);
});

afterEach(async () => {
  await upstream.close();
  await cache.close();
});

function get(more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url: `${upstream.url}/a`, headers: { authorization: "Bearer a" }, ...more };
}

/** Waits for the server to hold so many requests, and a little for one more that must not come. */
async function arrived(count: number): Promise<void> {
  while (held.length < count) await pause(1);
  await pause(20);
  expect(held.length).toBe(count);
}

function answer(index = 0, headers: Record<string, string | string[]> = {}): void {
  held[index]?.writeHead(200, headers).end("answer");
}

describe("sharingTransport()", () => {
  it("sends once for all who ask at the same time", async () => {
    const asking = Array.from({ length: 20 }, () => ask(get()));
    await arrived(1);
    answer();
    const found = await Promise.all(asking);
    expect(found.map(({ text }) => text)).toEqual(Array(20).fill("answer"));
    expect(found.map(({ result }) => result)).toEqual(["asked", ...Array(19).fill("shared")]);
  });

  it("sends again for who asks later", async () => {
    const first = ask(get());
    await arrived(1);
    answer();
    await first;
    const second = ask(get());
    await arrived(2);
    answer(1);
    expect((await second).result).toBe("asked");
  });

  it("gives each an answer of its own", async () => {
    const asking = [ask(get()), ask(get())];
    await arrived(1);
    answer(0, { "set-cookie": ["a=1", "b=2"] });
    const [first, second] = await Promise.all(asking);
    first?.response.body.fill(0);
    (first?.response.headers["set-cookie"] as string[]).length = 0;
    expect(second?.text).toBe("answer");
    expect(Buffer.from(second?.response.body ?? []).toString()).toBe("answer");
    expect(second?.response.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  });

  it.each<{ what: string; other: () => HttpRequest; limits?: Partial<ExchangeParts>; isUncached?: boolean }>([
    { what: "another credential", other: () => get({ headers: { authorization: "Bearer b" } }) },
    { what: "another header", other: () => get({ headers: { authorization: "Bearer a", accept: "x" } }) },
    { what: "another URL", other: () => get({ url: `${upstream.url}/b` }) },
    { what: "another method", other: () => get({ method: "POST" }) },
    { what: "a body", other: () => get({ body: "x" }) },
    { what: "another bound", other: () => get(), limits: { maxResponseBytes: 10 } },
    {
      what: "another certificate",
      other: () => get(),
      limits: { tls: { id: "b", certificate: "", privateKey: "" } },
    },
    { what: "a call that wants none", other: () => get(), isUncached: true },
  ])("does not share with $what", async ({ other, limits, isUncached }) => {
    const asking = [ask(get()), ask(other(), limits, isUncached)];
    await arrived(2);
    answer(0);
    answer(1);
    expect((await Promise.all(asking)).map(({ result }) => result)).toEqual(["asked", "asked"]);
  });

  it.each([{ who: "first" }, { who: "second" }])("goes on when the $who leaves", async ({ who }) => {
    const leaving = new AbortController();
    const signals = who === "first" ? [leaving.signal, undefined] : [undefined, leaving.signal];
    const asking = signals.map(signal => ask(get(), { signal }));
    const staying = asking[who === "first" ? 1 : 0];
    const left = asking[who === "first" ? 0 : 1];
    await arrived(1);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: "ABORTED" });
    answer();
    expect((await staying)?.text).toBe("answer");
  });

  it("ends when all have left, and begins anew for the next", async () => {
    const leaving = [new AbortController(), new AbortController()];
    const asking = leaving.map(({ signal }) => ask(get(), { signal }));
    await arrived(1);
    const closed = new Promise(resolve => held[0]?.on("close", resolve));
    for (const controller of leaving) controller.abort();
    for (const left of asking) await expect(left).rejects.toMatchObject({ code: "ABORTED" });
    const next = ask(get());
    await closed;
    await arrived(2);
    answer(1);
    expect((await next).result).toBe("asked");
  });

  it("refuses who has left before", async () => {
    await expect(ask(get(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    expect(upstream.requests).toEqual([]);
  });

  it("shares a failure", async () => {
    const asking = [ask(get()), ask(get()), ask(get())];
    await arrived(1);
    held[0]?.destroy();
    for (const asked of asking) await expect(asked).rejects.toMatchObject({ code: "NETWORK" });
    expect(upstream.requests.length).toBe(1);
  });

  it("lets each wait for its own time", async () => {
    const patient = ask(get());
    await arrived(1);
    await expect(ask(get(), { timeoutMs: 30 })).rejects.toMatchObject({
      code: "TIMEOUT",
      details: { timeoutMs: 30 },
    });
    answer();
    expect((await patient).text).toBe("answer");
  });

  it("sends again for who has time left when the time of the first is up", async () => {
    const hasty = ask(get(), { timeoutMs: 1_000 });
    await arrived(1);
    const patient = [ask(get()), ask(get())];
    await expect(hasty).rejects.toMatchObject({ code: "TIMEOUT" });
    await arrived(2);
    answer(1);
    expect((await Promise.all(patient)).map(({ text }) => text)).toEqual(["answer", "answer"]);
  });

  it("gives a stream to the first alone", async () => {
    const streams = () => true;
    const leaving = new AbortController();
    const first = ask(get(), { streams, signal: leaving.signal });
    await arrived(1);
    const second = ask(get(), { streams });
    held[0]?.writeHead(200).write("one");
    await arrived(2);
    held[1]?.writeHead(200).end("other");
    const chunks = (await first).response.chunks;
    expect(Buffer.from((await chunks?.next())?.value ?? []).toString()).toBe("one");
    const texts: string[] = [];
    for await (const chunk of (await second).response.chunks ?? []) texts.push(Buffer.from(chunk).toString());
    expect(texts).toEqual(["other"]);
    const closed = new Promise(resolve => held[0]?.on("close", resolve));
    leaving.abort();
    await expect(chunks?.next()).rejects.toMatchObject({ code: "ABORTED" });
    await closed;
  });

  it("ends a stream whose first reader has left before it began", async () => {
    const streams = () => true;
    const leaving = new AbortController();
    const first = ask(get(), { streams, signal: leaving.signal });
    await arrived(1);
    const second = ask(get(), { streams });
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: "ABORTED" });
    const closed = new Promise(resolve => held[0]?.on("close", resolve));
    held[0]?.writeHead(200).write("one");
    await arrived(2);
    await closed;
    held[1]?.writeHead(200).end("other");
    await (await second).response.chunks?.return?.();
  });
});
