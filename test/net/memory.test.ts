import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/net/http-request.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { exchangeOf } from "../support/exchange.ts";

const request: HttpRequest = { method: "GET", url: "http://a.test/", headers: {} };
const exchange = exchangeOf({ maxResponseBytes: 3 });

describe("createMemoryTransport()", () => {
  it("gives what the function answers", async () => {
    const answer = { status: 404, statusText: "Gone fishing", headers: { a: "1" }, body: Buffer.from("no") };
    const transport = createMemoryTransport(async ({ url }) => (url === request.url ? answer : {}));
    expect(await transport(request, exchange)).toEqual(answer);
  });

  it("fills in what the answer leaves out", async () => {
    const transport = createMemoryTransport(() => ({}));
    expect(await transport(request, exchange)).toEqual({
      status: 200,
      statusText: "OK",
      headers: {},
      body: new Uint8Array(),
    });
  });

  it("keeps to the limits like any other", async () => {
    const transport = createMemoryTransport(() => ({ body: Buffer.from("long") }));
    await expect(transport(request, exchange)).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    const signal = AbortSignal.abort();
    await expect(transport(request, { ...exchange, signal })).rejects.toMatchObject({ code: "ABORTED" });
  });
});
