import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { capabilityText } from "../support/capability-text.ts";
import { documentOf } from "../support/open-text.ts";

/** Returns a page with a table of as many columns as rows: it decodes to millions of cells. */
function crossTable(columns: number): string {
  return `<table><tr>${Array.from({ length: columns }, (_, i) => `<th>a${i}`).join("")}${"<tr>".repeat(columns)}`;
}

const ANSWERS: Readonly<Record<string, string>> = {
  // Its links are looked for again behind each bracket.
  markdown: "[a](".repeat(200_000),
  html: `<table><tr><th>a<tr><td>${"x".repeat(100_000)}</table>`,
  broken: `<r>${"<a/>".repeat(100_000)}`,
  cross: crossTable(4_000),
  json: '{"n":1}',
};

const FORMATS: Readonly<Record<string, string>> = { cross: "html", broken: "xml" };

const document = documentOf(
  capabilityText({
    operations: Object.keys(ANSWERS).map(name => ({
      name,
      method: "GET",
      path: `/${name}`,
      outputRawFormat: FORMATS[name] ?? name,
    })),
  }),
);

const transport = createMemoryTransport(({ url }) => ({
  body: Buffer.from(ANSWERS[path.basename(new URL(url).pathname)] ?? ""),
}));
/** As long as it takes: something else ends it. */
const PATIENT = { env: {}, transport, maxDecodeMs: 600_000, timeoutMs: 0 };

describe("An answer that takes long to decode", () => {
  it("does not hold up other calls and timers, and ends with the signal", async () => {
    const api = await openCapability(document, PATIENT);
    const end = new AbortController();
    const hostile = api.run("markdown", {}, { signal: end.signal });
    let isOver = false;
    const ended = hostile
      .catch((error: unknown) => error)
      .finally(() => {
        isOver = true;
      });
    for (let ticks = 0; ticks < 5; ticks++) await wait(10);
    expect((await api.run("json")).outputs).toEqual({ n: 1 });
    expect(isOver).toBe(false);
    end.abort();
    expect(await ended).toMatchObject({ code: "ABORTED", details: { operation: "markdown" } });
    await api.close();
  });

  it.each([
    { what: "the deadline", options: { deadlineMs: 200 }, details: { reason: "deadline", timeoutMs: 200 } },
    { what: "the time-out", options: { timeoutMs: 200 }, details: { timeoutMs: 200, operation: "markdown" } },
  ])("ends with $what", async ({ options, details }) => {
    const api = await openCapability(document, { ...PATIENT, ...options });
    await expect(api.run("markdown")).rejects.toMatchObject({ code: "TIMEOUT", details });
    await api.close();
  });

  it("is refused beyond its processor time, with what allows more", async () => {
    const api = await openCapability(document, { ...PATIENT, maxDecodeMs: 100 });
    await expect(api.run("markdown")).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      message: 'Cannot decode the answer to "markdown" as markdown: decoding takes more than 100 ms of processor time',
      remedies: [{ option: "maxDecodeMs" }],
      details: { operation: "markdown", maxDecodeMs: 100 },
    });
    await api.close();
  });

  it("leaves its turn to others when it is ended while it waits for a thread", async () => {
    const api = await openCapability(document, PATIENT);
    const end = new AbortController();
    const hostile = Array.from({ length: 20 }, () =>
      api.run("markdown", {}, { signal: end.signal }).catch((error: unknown) => error),
    );
    const after = api.run("html");
    await wait(20);
    end.abort();
    for (const error of await Promise.all(hostile)) expect(error).toMatchObject({ code: "ABORTED" });
    expect((await after).outputs).toEqual({ tables: [[{ a: "x".repeat(100_000) }]] });
    await api.close();
  });
});

describe("What a thread decodes", () => {
  it("is as it would be without one", async () => {
    const api = await openCapability(document, { env: {}, transport });
    expect((await api.run("html")).body).toEqual({ tables: [[{ a: "x".repeat(100_000) }]] });
    await api.close();
  });

  it("is an error as it would be without one", async () => {
    const api = await openCapability(document, { env: {}, transport });
    const error = await api.run("broken").catch((found: unknown) => found);
    expect(error).toMatchObject({
      code: "RESPONSE_INVALID",
      message: expect.stringMatching(/^Cannot decode the answer to "broken" as xml: it is not XML: .*unclosed tag: r/),
      details: { operation: "broken", format: "xml", status: 200 },
    });
    await api.close();
  });

  it("is refused beyond the values that it may have, which an option raises", async () => {
    const api = await openCapability(document, { env: {}, transport });
    await expect(api.run("cross")).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      message: 'Cannot decode the answer to "cross" as html: it has more than 1000000 values',
      remedies: [{ option: "maxResponseValues" }],
      details: { operation: "cross", maxValues: 1_000_000 },
    });
    await api.close();
  });
});
