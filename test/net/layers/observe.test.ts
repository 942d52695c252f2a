import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExchangeEvent, ExchangeTimings } from "../../../src/net/layers/exchange-event.ts";
import { observe } from "../../../src/net/layers/observe.ts";
import type { Send } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { exchangeOf } from "../../support/exchange.ts";

const authority = createCertificateAuthority();
const { key, cert } = authority.issue("localhost");
const servers = { http: createHttpServer(answer), https: createHttpsServer({ key, cert }, answer) };
const client = authority.issue("client");
const tls = {
  id: "test",
  certificate: client.cert,
  privateKey: client.key,
  certificateAuthority: authority.cert,
};

function answer(_: unknown, response: { end(text: string): void }): void {
  response.end("hello");
}

beforeAll(async () => {
  for (const server of Object.values(servers))
    await new Promise<void>(resolve => server.listen(0, "localhost", resolve));
});

afterAll(() => {
  for (const server of Object.values(servers)) {
    server.close();
    server.closeAllConnections();
  }
});

async function timingsOf(transport: Send, scheme: "http" | "https"): Promise<ExchangeTimings> {
  const events: ExchangeEvent[] = [];
  const { port } = servers[scheme].address() as AddressInfo;
  const request = { method: "GET", url: `${scheme}://localhost:${port}/`, headers: {} };
  await transport(
    request,
    exchangeOf({
      timeoutMs: 10_000,
      maxResponseBytes: 100,
      observe: event => events.push(event),
      tls: scheme === "https" ? tls : undefined,
    }),
  );
  expect(events.map(({ type }) => type)).toEqual(["attempt", "response"]);
  const [, response] = events;
  if (response?.type !== "response") throw new Error("There is no response");
  return response.timings;
}

function expectPlausible({ dnsMs = 0, connectMs = 0, tlsMs = 0, firstByteMs, totalMs }: ExchangeTimings): void {
  for (const part of [dnsMs, connectMs, tlsMs]) expect(part).toBeGreaterThanOrEqual(0);
  // Each is rounded to a microsecond.
  expect(dnsMs + connectMs + tlsMs).toBeLessThanOrEqual((firstByteMs ?? Number.NaN) + 0.01);
  expect(firstByteMs).toBeLessThanOrEqual(totalMs + 0.01);
}

const transports = [
  { name: "undici", create: openUndici, keepsOpen: true },
  { name: "node:http", create: createNodeHttpTransport, keepsOpen: false },
];
const PARTS = ["dnsMs", "connectMs", "firstByteMs", "totalMs"];

describe.each(transports)("the timings of $name", ({ create, keepsOpen }) => {
  it.each(["http", "https"] as const)("over %s", async scheme => {
    const wire = create();
    const transport = observe(wire);
    const first = await timingsOf(transport, scheme);
    expect(Object.keys(first).sort()).toEqual([...PARTS, ...(scheme === "https" ? ["tlsMs"] : [])].sort());
    expectPlausible(first);
    // undici frees a connection after it has told of the end.
    await setImmediate();
    const second = await timingsOf(transport, scheme);
    expectPlausible(second);
    if (keepsOpen) expect(Object.keys(second).sort()).toEqual(["firstByteMs", "reused", "totalMs"]);
    else expect(second).not.toHaveProperty("reused");
    await wire.close?.();
  });

  it("are those of each exchange, also where several start at once", async () => {
    const wire = create();
    const transport = observe(wire);
    const all = await Promise.all(Array.from({ length: 20 }, () => timingsOf(transport, "http")));
    for (const timings of all) {
      expectPlausible(timings);
      expect(timings.reused === true).toBe(timings.connectMs === undefined);
    }
    await wire.close?.();
  });
});
