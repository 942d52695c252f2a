import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Capability, openCapability } from "../../src/index.ts";
import { capabilityText, input } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

let upstream: Upstream;
let capability: Capability;
let afterMs = 0;

beforeAll(async () => {
  upstream = await startUpstream(async ({ url }, response) => {
    await wait(afterMs);
    const id = url.split("/").at(-1);
    answerJson(response, id === "404" ? 404 : 200, { id });
  });
  const order = { path: "/orders/{id}", inputParameters: [input("id", "path")] };
  const outputParameters = [{ name: "id", type: "string", value: "$.id" }];
  const folder = await temporaryFolder({
    "shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: upstream.url,
      operations: [
        { name: "get", method: "GET", ...order, outputParameters },
        { name: "create", method: "POST", ...order, outputParameters },
      ],
    }),
  });
  capability = await openCapability(`${folder}/shop.yaml`);
});
afterAll(async () => {
  await capability.close();
  await upstream.close();
});
afterEach(() => {
  afterMs = 0;
  upstream.requests.length = 0;
});

function* orders(count: number) {
  for (let id = 1; id <= count; id++) yield { id: String(id) };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("batch()", () => {
  it.each([
    { of: "a list", rows: () => [...orders(3)] },
    { of: "a generator", rows: () => orders(3) },
    {
      of: "a stream",
      rows: async function* () {
        yield* orders(3);
      },
    },
  ])("calls for each row of $of", async ({ rows }) => {
    const results = await all(capability.batch<{ id: string }>("get", rows(), { order: "rows" }));
    expect(results.map(({ row, status, outputs, inputs }) => ({ row, status, id: outputs?.id, inputs }))).toEqual(
      [1, 2, 3].map(row => ({ row, status: 200, id: String(row), inputs: { id: String(row) } })),
    );
  });

  it("gives a row that fails as a result", async () => {
    const results = await all(capability.batch("get", [{ id: "404" }, { id: ".." }, { no: 1 }], { order: "rows" }));
    expect(results).toMatchObject([
      { status: 404, outputs: null, attempts: 1, error: { code: "HTTP_STATUS" } },
      { status: "INPUT_INVALID", attempts: 0 },
      { status: "INPUT_UNKNOWN", attempts: 0 },
    ]);
  });

  it("reads rows as results are taken", async () => {
    let read = 0;
    function* rows() {
      for (const row of orders(1_000)) {
        read++;
        yield row;
      }
    }
    const batch = capability.batch("get", rows(), { concurrency: 3 });
    expect(read).toBe(0);
    await batch.next();
    await wait(100);
    expect(read).toBeLessThan(15);
    await batch.return();
  });

  it("ends the calls that run, and the rows, when the loop is left", async () => {
    let isClosed = false;
    function* rows() {
      try {
        yield* orders(1_000);
      } finally {
        isClosed = true;
      }
    }
    afterMs = 20;
    for await (const _ of capability.batch("get", rows(), { concurrency: 3 })) break;
    const sent = upstream.requests.length;
    await wait(100);
    expect({ isClosed, more: upstream.requests.length - sent }).toEqual({ isClosed: true, more: 0 });
    expect(await capability.run("get", { id: "1" })).toMatchObject({ status: 200 });
  });

  it("sends no second row of a key, whose header is the same in each batch", async () => {
    const rows = [{ id: "1" }, { id: "2" }, { id: "1" }];
    const key = ({ id }: { id?: unknown }) => String(id);
    const results = await all(capability.batch("create", rows, { key, order: "rows" }));
    expect(results.map(({ key, status }) => [key, status])).toEqual([
      ["1", 200],
      ["2", 200],
      ["1", "duplicate"],
    ]);
    await all(capability.batch("create", rows, { key }));
    expect(new Set(upstream.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
  });

  it("ends with ABORTED by a signal", async () => {
    afterMs = 5_000;
    const batch = all(capability.batch("get", orders(10), { signal: AbortSignal.timeout(50) }));
    await expect(batch).rejects.toMatchObject({ code: "ABORTED" });
  });

  it.each<[string, object, RegExp]>([
    ["an unknown option", { concurency: 2 }, /concurrency/],
    ["no calls at once", { concurrency: 0 }, /concurrency must be/],
    ["a rate that is none", { requestsPerSecond: 0 }, /requestsPerSecond/],
    ["a share that is none", { maxErrors: "101%" }, /maxErrors/],
    ["a key of another kind", { key: () => ({}) }, /key must give/],
  ])("refuses %s", async (_, options, message) => {
    await expect(all(capability.batch("get", orders(1), options))).rejects.toThrow(message);
    expect(upstream.requests).toHaveLength(0);
  });

  it("ends with an error of the rows, and for what is no row", async () => {
    async function* failing() {
      yield { id: "1" };
      throw new Error("the file is gone");
    }
    await expect(all(capability.batch("get", failing()))).rejects.toThrow("the file is gone");
    await expect(all(capability.batch("get", [null as never]))).rejects.toThrow("Row 1 must be an object");
  });

  it("ends for an operation that is not there", async () => {
    await expect(all(capability.batch("gte", orders(1)))).rejects.toMatchObject({ code: "OPERATION_NOT_FOUND" });
  });
});
